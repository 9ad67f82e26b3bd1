"""Settings from files: NAME_FILE names a file that holds NAME, as Docker, Podman and Kubernetes mount secrets.

Unlike the environment, a file is not inherited by child processes and not shown by `docker inspect`.
"""

from collections.abc import Mapping

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class Environment(FileAwareMapping):  # type: ignore[misc]
    """The environment. If it has NAME_FILE, NAME is the text of that file, without a line end at its end."""

    def __getitem__(self, name: str) -> str:
        path = self.env.get(f"{name}_FILE")
        if path and self.env.get(name):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
        try:
            value = str(super().__getitem__(name))
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}.") from error
        return value.rstrip("\r\n") if path else value


class Env(environ.Env):  # type: ignore[misc]
    """Typed access to `Environment`."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.ENVIRON = Environment(environment)
