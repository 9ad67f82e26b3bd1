"""Starts a MariaDB and a WordPress of their own in a temporary folder, and stops them without a trace."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

HERE = Path(__file__).resolve().parent
PACKAGE = Path("/usr/share/wordpress")
USER = "editor"
#: Shows posts to visitors, with what plugins add to the head and the foot of a page.
THEME = """<!DOCTYPE html><html><head><?php wp_head(); ?></head><body>
<?php while (have_posts()) { the_post(); the_title('<h1>', '</h1>'); the_content(); } wp_footer(); ?>
</body></html>"""


def missing() -> str:
    """What is not installed, in words; "" when all is there."""
    lacking = [name for name in ("mariadbd", "mariadb-install-db", "php") if shutil.which(name, path=_path()) is None]
    if not (PACKAGE / "wp-load.php").exists():
        lacking.append("wordpress")
    if not lacking and "mysqli" not in subprocess.run(["php", "-m"], capture_output=True, text=True).stdout:
        lacking.append("php-mysql")
    return f"not installed: {', '.join(lacking)} (tests/real_wordpress/install.sh installs them)" if lacking else ""


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class RealWordPress:
    """`with RealWordPress() as site:` gives `site.url`, `site.user` and `site.password` (an application password)."""

    permalinks: str = "/%postname%/"
    url: str = ""
    user: str = USER
    password: str = ""
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="real-wordpress-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        try:
            self._database()
            self._site()
        except BaseException:
            self.__exit__()
            raise
        return self

    def run_php(self, code: str) -> str:
        """What `code` prints inside this WordPress, as a plugin's own code would run there."""
        return self._run(["php", "-r", self._loading() + code])

    def in_background(self, code: str) -> subprocess.Popen[str]:
        """`code` at work inside this WordPress; what it prints can be read from `stdout` as it comes."""
        return subprocess.Popen(
            ["php", "-r", self._loading() + code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PATH": _path()},
        )

    def _loading(self) -> str:
        host = self.url.removeprefix("http://")
        return f"$_SERVER['HTTP_HOST'] = '{host}'; require '{self.folder}/www/wp-load.php';\n"

    @property
    def content(self) -> Path:
        return self.folder / "www" / "wp-content"

    def add_plugin(self, name: str, code: str) -> None:
        """Put a file among the must-use plugins, which WordPress loads by itself."""
        folder = self.content / "mu-plugins"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(code)

    def add_plugins(self, folder: Path) -> None:
        """Put a plugin of several files among the must-use plugins. Its main file has the folder's name."""
        to = self.content / "mu-plugins" / folder.name
        shutil.copytree(folder, to, dirs_exist_ok=True)
        self.add_plugin(f"{folder.name}.php", f"<?php require '{to}/{folder.name}.php';")

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):  # each leads a group of its own: PHP's workers go with it
            self._signal(process, signal.SIGTERM)
        for process in self._started:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                self._signal(process, signal.SIGKILL)
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, process: subprocess.Popen[bytes], number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return

    def _database(self) -> None:
        data, self.socket = self.folder / "data", self.folder / "db.sock"
        owner = pwd.getpwuid(os.geteuid()).pw_name
        temporary = self.folder / "tmp"
        temporary.mkdir()  # of its own: a server that starts removes the temporary tables of others
        common = ["--no-defaults", f"--datadir={data}", f"--user={owner}", f"--tmpdir={temporary}"]
        self._run(["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"])
        self._start(
            [
                "mariadbd",
                *common,
                f"--socket={self.socket}",
                "--skip-networking",
                f"--pid-file={self.folder}/db.pid",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=32M",
                "--skip-log-bin",
            ]
        )
        self._wait(lambda: self.socket.exists(), "MariaDB")
        self._run(
            [
                "mariadb",
                "--no-defaults",
                f"--socket={self.socket}",
                "-uroot",
                "-e",
                "CREATE DATABASE site CHARACTER SET utf8mb4",
            ],
            retry=True,
        )

    def _site(self) -> None:
        root, port = self.folder / "www", free_port()
        self.url = f"http://127.0.0.1:{port}"
        shutil.copytree(
            PACKAGE,
            root,
            symlinks=False,
            ignore=shutil.ignore_patterns("wp-config.php", "languages"),
            ignore_dangling_symlinks=True,
        )
        (root / "wp-content" / "uploads").mkdir(parents=True, exist_ok=True)
        theme = root / "wp-content" / "themes" / "plain"  # Debian's themes are packages of their own
        theme.mkdir(parents=True)
        (theme / "style.css").write_text("/* Theme Name: Plain */")
        (theme / "index.php").write_text(THEME)
        (root / "wp-config.php").write_text(
            "<?php\n"
            f"define('DB_NAME', 'site'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:{self.socket}');\n"
            "define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');\n"
            # Application passwords are for https, or for a site that says it is a local one.
            "define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);\n"
            "define('AUTOMATIC_UPDATER_DISABLED', true);\n"
            "foreach (['AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT','LOGGED_IN_SALT','NONCE_SALT'] as $k) define($k, 'only for tests ' . $k);\n"
            "$table_prefix = 'wp_';\n"
            "if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');\n"
            "require_once ABSPATH . 'wp-settings.php';\n"
        )
        made = self._run(["php", str(HERE / "install.php"), str(root), self.url, self.permalinks])
        self.password = made.strip().splitlines()[-1]
        self._start(
            [
                "php",
                "-d",
                "opcache.enable=1",
                "-d",
                "opcache.revalidate_freq=0",  # a test changes plugins
                "-d",
                "upload_max_filesize=20M",
                "-d",
                "post_max_size=20M",
                "-S",
                f"127.0.0.1:{port}",
                "-t",
                str(root),
                str(HERE / "router.php"),
            ],
            PHP_CLI_SERVER_WORKERS="3",
        )
        self._wait(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "PHP")

    def _run(self, command: list[str], *, retry: bool = False) -> str:
        for attempt in range(20 if retry else 1):
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": _path()})
            if done.returncode == 0:
                return done.stdout
            time.sleep(0.25 * bool(retry and attempt < 19))
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-1000:]}{done.stderr[-2000:]}")

    def _start(self, command: list[str], **env: str) -> None:
        log = (self.folder / f"{command[0]}.log").open("wb")
        self._started.append(
            subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, "PATH": _path(), **env}, start_new_session=True
            )
        )

    def _wait(self, ready: object, what: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if ready():  # type: ignore[operator]
                return
            if self._started[-1].poll() is not None:
                break
            time.sleep(0.1)
        logs = "".join(p.read_text(errors="replace")[-2000:] for p in self.folder.glob("*.log"))
        raise RuntimeError(f"{what} did not start: {logs}")
