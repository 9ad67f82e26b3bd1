"""Settings, all from the environment; read from top to bottom. docs/guides/operating.md explains each name. Each NAME may come from
the file that NAME_FILE names instead.

A bare machine needs none of them: without `DATABASE_URL`, `REDIS_URL` and `S3_BUCKET` the embedded servers of
`scribe/local/` are used. With `DEBUG` off, a missing secret stops the start with a sentence that says what to set.
"""

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from psycopg.conninfo import conninfo_to_dict

import scribe
from scribe import mail_url, secret_files
from scribe.local import addresses

BASE_DIR = Path(__file__).resolve().parent.parent
env = secret_files.Env()
if (BASE_DIR / ".env").exists():
    secret_files.Env.read_env(BASE_DIR / ".env")

# --- The deployment -------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default="") or addresses.default_data_dir(BASE_DIR))
# The values that a bare machine made for itself: addresses of the embedded servers, and secrets (see local/servers).
LOCAL = addresses.read(DATA_DIR)


def secret(name: str, *, made: str) -> str:
    """A secret from the environment, or the one that the embedded stack made for this machine."""
    value = env.str(name, default="") or LOCAL.get(made, "")
    if not value and not DEBUG and env.str("DATABASE_URL", default=""):
        raise ImproperlyConfigured(f"Set {name}: a long random value that stays the same between restarts.")
    return value or f"unset-{name.lower()}-only-for-commands-that-need-no-secret"


SECRET_KEY = secret("SECRET_KEY", made="secret_key")
JWT_SIGNING_KEY = secret("JWT_SIGNING_KEY", made="jwt_signing_key")
FIELD_ENCRYPTION_KEYS = [k for k in secret("FIELD_ENCRYPTION_KEYS", made="field_encryption_keys").split(",") if k]

BIND_ADDRESS = env.str("BIND_ADDRESS", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
PUBLIC_URL: str = env.str("PUBLIC_URL", default=f"http://{BIND_ADDRESS}:{PORT}").rstrip("/")
# The base of links in mails: the workbench, unless a single-page app takes its place.
FRONTEND_URL = env.str("FRONTEND_URL", default="").rstrip("/") or f"{PUBLIC_URL}/app"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(PUBLIC_URL).hostname])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
HTTPS = PUBLIC_URL.startswith("https://")

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # our own site is the default (backoffice.site)
    "unfold.contrib.filters",
    "backoffice.admin_config.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_email",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "anymail",
    "django_htmx",  # for its static files
    "scribe",
    "accounts",
    "webhooks",
    "billing",
    "integrations",
    "writing",
    "projects",
    "blog",
    "studio",
    "workbench",
    "backoffice",
]

MIDDLEWARE = [
    "scribe.api.middleware.RequestContext",
    "scribe.api.content_policy.ContentPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "scribe.api.smaller_replies.SmallerReplies",
    "scribe.api.middleware.Probes",
    "scribe.api.middleware.BodyLimits",
    "scribe.api.middleware.AdminSession",
    "workbench.middleware.PageLanguage",
    "workbench.middleware.PageClock",
    "django.middleware.common.CommonMiddleware",
    "scribe.api.middleware.AdminCsrf",
    "workbench.middleware.Csrf",
    "scribe.api.middleware.AdminUser",
    "scribe.api.middleware.AdminOTP",
    "scribe.api.middleware.AdminMessages",
]

ROOT_URLCONF = "scribe.urls"
WSGI_APPLICATION = "scribe.wsgi.application"
ASGI_APPLICATION = "scribe.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database, cache, broker ----------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or LOCAL.get(
    "database_url", "postgresql://postgres@localhost/scribe"
)
REDIS_URL = env.str("REDIS_URL", default="") or LOCAL.get("redis_url", "redis://localhost:6379/0")

# Whether the web and the workers limit how long a statement, a lock and an idle transaction may take (scribe.database).
DATABASE_TIMEOUTS = env.bool("DATABASE_TIMEOUTS", default=True)
# Whether a pooler that hands out connections by transaction, such as PgBouncer, stands before the database. Nothing is kept on a
# connection then: timeouts are the role's, no statement is prepared, and long readings have connections of their own.
DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
_pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=16), "timeout": 20}
_conninfo = conninfo_to_dict(DATABASE_URL)  # every form that libpq takes, sockets included
DATABASES = {
    "default": {
        "ENGINE": "scribe.postgres",
        "NAME": _conninfo.pop("dbname", ""),
        "USER": _conninfo.pop("user", ""),
        "PASSWORD": _conninfo.pop("password", ""),
        "HOST": _conninfo.pop("host", ""),
        "PORT": str(_conninfo.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_conninfo,
            # For cursors that bind on the server; Django's default ones never prepare.
            "prepare_threshold": None if DATABASE_POOLER else 2,
            # A pool keeps trying to connect; commands that need no database should not wait for one.
            **({"pool": _pool} if env.str("DATABASE_URL", default="") or "database_url" in LOCAL else {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What may be lost: cached answers of third parties. A server of its own may drop them when it is full.
CACHE_URL = env.str("CACHE_URL", default="") or REDIS_URL
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_keepalive": True}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BEAT_SCHEDULER = "scribe.beat:HeartbeatScheduler"
CELERY_TIMEZONE = "UTC"

WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)
WEB_THREADS = env.int("WEB_THREADS", default=10)
# Requests that wait for a store, a site or another third party, two for one organization (scribe.fairness.lookups).
LOOKUP_THREADS = env.int("LOOKUP_THREADS", default=20)
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
SYNC_CONCURRENCY = env.int("SYNC_CONCURRENCY", 8)  # processes of worker-sync: few slow stores may not fill them
LONG_CONCURRENCY = env.int("LONG_CONCURRENCY", 4)  # processes of worker-long, which has the jobs that take long
GENERATION_CONCURRENCY = env.int("GENERATION_CONCURRENCY", default=64)

# --- Jobs -----------------------------------------------------------------------------------------------------------

JOB_LEASE_SECONDS: int = env.int("JOB_LEASE_SECONDS", default=20)
JOBS_PER_ORGANIZATION = env.int("JOBS_PER_ORGANIZATION", default=4)  # that are at work at the same time, in each queue
JOB_HELPERS = env.int("JOB_HELPERS", default=7)  # further workers that one job may have
JOB_EVENT_RETENTION = timedelta(days=30)

# --- Files ----------------------------------------------------------------------------------------------------------

S3_BUCKET = env.str("S3_BUCKET", default="")
MEDIA_ROOT = DATA_DIR / "files"
if S3_BUCKET:
    FILE_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
            "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "addressing_style": "path",
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": 8 * 1024 * 1024,  # larger files that are read go to disk
        },
    }
else:
    FILE_STORAGE = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}}
# Where dumps go (s3://bucket/folder), and the account of their bucket where it is another one.
BACKUP_TO = env.str("BACKUP_TO", default="")
BACKUP_S3_ENDPOINT_URL = env.str("BACKUP_S3_ENDPOINT_URL", default="") or env.str("S3_ENDPOINT_URL", default="")
BACKUP_S3_ACCESS_KEY_ID = env.str("BACKUP_S3_ACCESS_KEY_ID", default="") or env.str("S3_ACCESS_KEY_ID", default="")
BACKUP_S3_SECRET_ACCESS_KEY = env.str("BACKUP_S3_SECRET_ACCESS_KEY", default="") or env.str(
    "S3_SECRET_ACCESS_KEY", default=""
)
BACKUP_S3_REGION = env.str("BACKUP_S3_REGION", default="") or env.str("S3_REGION", default="")
STORAGES = {
    "default": FILE_STORAGE,
    # Everybody may read these: the image's are collected by root and served by its user. Uploads' permissions are below.
    "staticfiles": {
        "BACKEND": "scribe.static_files.HashedStaticFiles",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or addresses.default_static_root(DATA_DIR))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500  # a page of conflicts has two fields for each of a hundred items' texts
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600  # of stored files: for the process that serves them, and nobody else on the machine
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 200 * 1024 * 1024
JSON_MAX_BYTES = 5 * 1024 * 1024
WEBHOOK_MAX_BYTES = 1024 * 1024
# Timeouts of the web server: for a request's head, for each further 16 KiB of a body, and for a reader that reads nothing.
HEAD_SECONDS = env.float("HEAD_SECONDS", default=20)
BODY_PACE_SECONDS = env.float("BODY_PACE_SECONDS", default=20)
STALL_SECONDS = env.float("STALL_SECONDS", default=60)
# The most disk space that bodies and replies under way may take.
SPOOL_MAX_BYTES = env.int("SPOOL_MAX_BYTES", default=4 * 1024**3)

# --- People and sign-in ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCESS_TOKEN_LIFETIME = timedelta(minutes=60)
SESSION_LIFETIME = timedelta(days=30)
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ACCESS_TOKEN_LIFETIME": ACCESS_TOKEN_LIFETIME,
    "USER_ID_CLAIM": "sub",
    "JTI_CLAIM": "jti",
    "TOKEN_TYPE_CLAIM": "typ",
}
GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_JWKS_URL = env.str("GOOGLE_JWKS_URL", default="https://www.googleapis.com/oauth2/v3/certs")
GOOGLE_TOKENINFO_URL = env.str("GOOGLE_TOKENINFO_URL", default="https://oauth2.googleapis.com/tokeninfo")
# The secret of the web's client, which is the first of GOOGLE_CLIENT_ID: the workbench then offers Google.
GOOGLE_CLIENT_SECRET = env.str("GOOGLE_CLIENT_SECRET", default="")
GOOGLE_AUTHORIZE_URL = env.str("GOOGLE_AUTHORIZE_URL", default="https://accounts.google.com/o/oauth2/v2/auth")
GOOGLE_TOKEN_URL = env.str("GOOGLE_TOKEN_URL", default="https://oauth2.googleapis.com/token")
APPLE_CLIENT_ID = env.str("APPLE_CLIENT_ID", default="")
# The Services ID of the web, one of APPLE_CLIENT_ID: the workbench then offers Apple.
APPLE_SERVICES_ID = env.str("APPLE_SERVICES_ID", default="")
APPLE_AUTHORIZE_URL = env.str("APPLE_AUTHORIZE_URL", default="https://appleid.apple.com/auth/authorize")
APPLE_JWKS_URL = env.str("APPLE_JWKS_URL", default="https://appleid.apple.com/auth/keys")
TURNSTILE_SECRET = env.str("TURNSTILE_SECRET", default="")
TURNSTILE_SITE_KEY = env.str("TURNSTILE_SITE_KEY", default="")  # for the workbench's page that shows the check
TURNSTILE_VERIFY_URL = env.str(
    "TURNSTILE_VERIFY_URL", default="https://challenges.cloudflare.com/turnstile/v0/siteverify"
)
OTP_TOTP_ISSUER = "XC Scribe"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
OTP_EMAIL_TOKEN_VALIDITY = 600
OTP_EMAIL_COOLDOWN_DURATION = 60
ADMIN_REQUIRE_OTP = env.bool("ADMIN_REQUIRE_OTP", default=True)

# --- The back office --------------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": "XC Scribe",
    "SITE_HEADER": "XC Scribe",
    "SITE_SUBHEADER": "Back office",
    "SITE_SYMBOL": "edit_note",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "backoffice.navigation.favicon"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "backoffice.navigation.environment",
    "STYLES": ["backoffice.navigation.stylesheet"],
    "ACCOUNT": {"navigation": "backoffice.navigation.account"},
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": "backoffice.navigation.sidebar"},
}

# --- Mail -----------------------------------------------------------------------------------------------------------

MAIL_DIR = DATA_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if not EMAIL_URL and not DEBUG and env.str("DATABASE_URL", default=""):
    raise ImproperlyConfigured(
        "Set EMAIL_URL to where mail goes, such as smtp://USER:PASSWORD@HOST:587 or filemail:///folder (docs/guides/operating.md)."
    )
EMAIL_URL = EMAIL_URL or f"filemail://{MAIL_DIR.absolute()}"
MAIL = mail_url.read(EMAIL_URL, BASE_DIR)
ANYMAIL = MAIL.get("ANYMAIL", {})
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST = MAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = mail_url.SECONDS
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="XC Scribe <hello@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The REST edge --------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.SessionTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],  # roles are declared beside each method and checked by the base view
    "DEFAULT_RENDERER_CLASSES": ["scribe.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["scribe.api.renderers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "scribe.api.renderers.AcceptNeverDecides",
    "DEFAULT_SCHEMA_CLASS": "scribe.api.schema.OperationSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "scribe.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "UPLOADED_FILES_USE_URL": False,
}
# Requests allowed per window, scaled by RATE_LIMIT_FACTOR (0 switches them off): scope -> (number, seconds).
RATE_LIMIT_FACTOR = env.float("RATE_LIMIT_FACTOR", default=1.0)
RATE_LIMITS = {
    "principal": (1200, 60),
    "public": (120, 60),
    "sign_in": (10, 60),
    "register": (10, 3600),
    "code": (10, 60),
    "picture": (600, 60),
    "bad_webhook": (60, 60),
    # Mails that people cause: per sending organization, per kind and mailbox, and reset links per mailbox.
    "mail_sender": (100, 3600),
    "mail_recipient": (10, 86400),
    "mail_reset": (5, 3600),
    "mailbox_registrations": (3, 86400),
}
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "x-api-key",
    "last-event-id",
    "if-match",
    "if-none-match",
    "prefer",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "X-Total-Count",
    "Link",
    "ETag",
    "X-Request-ID",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Idempotent-Replayed",
    "Preference-Applied",
    "Content-Disposition",
]
SPECTACULAR_SETTINGS = {
    "TITLE": "XC Scribe API",
    "DESCRIPTION": "API for the XC AI Content Automation platform.",
    "VERSION": scribe.__version__,
    "SERVERS": [{"url": PUBLIC_URL}],
    "SERVE_INCLUDE_SCHEMA": False,
    "GET_LIB_DOC_EXCLUDES": "scribe.api.schema.bases_without_words",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "PREPROCESSING_HOOKS": ["scribe.api.schema.only_the_api"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "scribe.api.schema.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ApiKeyModeEnum": ["live", "test"],
        "ModeEnum": ["pending", "all", "selected"],
        "ItemStatusEnum": ["pending", "generated", "flagged", "approved", "rejected", "synced"],
        "PublishedTextStateEnum": ["same", "changed", "missing"],
        "ContentTypeEnum": ["product", "category", "page", "post"],
    },
}

# --- Security headers -----------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health(/live|/ready)?$", r"^metrics$"]  # asked by address, over plain http
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_ENGINE = "scribe.api.admin_sessions"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "workbench.views.entrance.csrf"
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")  # after a sign-in whose `next` is not a page of ours

# --- Models of language ---------------------------------------------------------------------------------------------

DEFAULT_AI_PROVIDER = env.str("DEFAULT_AI_PROVIDER", default="")
# How closely a model's texts are held against their source: tables, read or strict.
DEFAULT_GROUNDING = env.str("DEFAULT_GROUNDING", default="read")
if DEFAULT_GROUNDING not in ("tables", "read", "strict"):
    raise ImproperlyConfigured("DEFAULT_GROUNDING is tables, read or strict.")
# Tiers of models for accounts without a verified address. Each provider's default model is open to them as well.
UNVERIFIED_MODEL_TIERS = env.list("UNVERIFIED_MODEL_TIERS", default=["economy"])
ANTHROPIC_API_KEY = env.str("ANTHROPIC_API_KEY", default="")
ANTHROPIC_BASE_URL = env.str("ANTHROPIC_BASE_URL", default="https://api.anthropic.com")
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="https://api.openai.com/v1")
DEEPSEEK_API_KEY = env.str("DEEPSEEK_API_KEY", default="")
DEEPSEEK_BASE_URL = env.str("DEEPSEEK_BASE_URL", default="https://api.deepseek.com")
GOOGLE_API_KEY = env.str("GOOGLE_API_KEY", default="")
GOOGLE_BASE_URL = env.str("GOOGLE_BASE_URL", default="https://generativelanguage.googleapis.com/v1beta/openai/")
LOCAL_AI_BASE_URL = env.str("LOCAL_AI_BASE_URL", default="")
LOCAL_AI_API_KEY = env.str("LOCAL_AI_API_KEY", default="")
LOCAL_AI_MODEL = env.str("LOCAL_AI_MODEL", default="")

# --- Stores and the outside world -----------------------------------------------------------------------------------

# The invoices by bank transfer that one organization may have open, or order within a day. Numbers are never reused.
INVOICES_OPEN_AT_MOST = env.int("INVOICES_OPEN_AT_MOST", default=5)
INVOICES_A_DAY = env.int("INVOICES_A_DAY", default=20)

OUTBOUND_ALLOWED_HOSTS = env.list("OUTBOUND_ALLOWED_HOSTS", default=[])
REQUESTS_CA_BUNDLE = env.str("REQUESTS_CA_BUNDLE", default="")
if not REQUESTS_CA_BUNDLE:
    os.environ.pop("REQUESTS_CA_BUNDLE", None)  # boto3 would take an empty line of .env for the name of a file
SHOPIFY_API_KEY = env.str("SHOPIFY_API_KEY", default="")
SHOPIFY_API_SECRET = env.str("SHOPIFY_API_SECRET", default="")
SHOPIFY_API_VERSION = env.str("SHOPIFY_API_VERSION", default="2026-10")
SHOPIFY_APP_HANDLE = env.str("SHOPIFY_APP_HANDLE", default="")
# If on, the callback connects the shop at once, in any browser. For front ends that do not call `finalize`.
SHOPIFY_CALLBACK_CONNECTS = env.bool("SHOPIFY_CALLBACK_CONNECTS", default=False)
SHOPIFY_SHOP_URL = env.str("SHOPIFY_SHOP_URL", default="https://{shop}")
PEXELS_API_KEY = env.str("PEXELS_API_KEY", default="")
PEXELS_API_URL = env.str("PEXELS_API_URL", default="https://api.pexels.com")

# --- Money ----------------------------------------------------------------------------------------------------------

PAYMENT_PROVIDER = env.str("PAYMENT_PROVIDER", default="")
PADDLE_PRICE_IDS = env.json("PADDLE_PRICE_IDS", default={})
DODO_PRODUCT_IDS = env.json("DODO_PRODUCT_IDS", default={})
PADDLE_API_KEY = env.str("PADDLE_API_KEY", default="")
PADDLE_API_URL = env.str("PADDLE_API_URL", default="https://api.paddle.com")
PADDLE_WEBHOOK_SECRET = env.str("PADDLE_WEBHOOK_SECRET", default="")
PADDLE_CLIENT_TOKEN = env.str("PADDLE_CLIENT_TOKEN", default="")
DODO_API_KEY = env.str("DODO_API_KEY", default="")
DODO_API_URL = env.str("DODO_API_URL", default="https://live.dodopayments.com")
DODO_WEBHOOK_SECRET = env.str("DODO_WEBHOOK_SECRET", default="")
NBS_RATES_URL = env.str("NBS_RATES_URL", default="")
EUR_RSD_RATE = env.str("EUR_RSD_RATE", default="")
EUR_RSD_RATE = Decimal(EUR_RSD_RATE) if EUR_RSD_RATE else None
SELLER_NAME = env.str("SELLER_NAME", default="")
SELLER_ADDRESS = env.str("SELLER_ADDRESS", default="")
SELLER_CITY = env.str("SELLER_CITY", default="")
SELLER_PIB = env.str("SELLER_PIB", default="")
SELLER_MB = env.str("SELLER_MB", default="")
SELLER_ACCOUNT = env.str("SELLER_ACCOUNT", default="")

# --- Support chat and outreach --------------------------------------------------------------------------------------

CHATWOOT_BASE_URL = env.str("CHATWOOT_BASE_URL", default="")
CHATWOOT_ACCOUNT_ID = env.str("CHATWOOT_ACCOUNT_ID", default="")
CHATWOOT_API_TOKEN = env.str("CHATWOOT_API_TOKEN", default="")
CHATWOOT_EMAIL_API_TOKEN = env.str("CHATWOOT_EMAIL_API_TOKEN", default="")
CHATWOOT_XTRACODE_API_TOKEN = env.str("CHATWOOT_XTRACODE_API_TOKEN", default="")
CHATWOOT_INBOX_ID = env.str("CHATWOOT_INBOX_ID", default="")
CHATWOOT_EMAIL_INBOX_ID = env.str("CHATWOOT_EMAIL_INBOX_ID", default="")
CHATWOOT_XTRACODE_INBOX_ID = env.str("CHATWOOT_XTRACODE_INBOX_ID", default="")
CHATWOOT_IDENTITY_KEY = env.str("CHATWOOT_IDENTITY_KEY", default="")
CHATWOOT_WEBHOOK_TOKEN = env.str("CHATWOOT_WEBHOOK_TOKEN", default="")
CHATWOOT_EMAIL_WEBHOOK_TOKEN = env.str("CHATWOOT_EMAIL_WEBHOOK_TOKEN", default="")
CHATWOOT_XTRACODE_WEBHOOK_TOKEN = env.str("CHATWOOT_XTRACODE_WEBHOOK_TOKEN", default="")
CHATWOOT_WEBHOOK_SECRET = env.str("CHATWOOT_WEBHOOK_SECRET", default="")
CHATWOOT_EMAIL_WEBHOOK_SECRET = env.str("CHATWOOT_EMAIL_WEBHOOK_SECRET", default="")
CHATWOOT_XTRACODE_WEBHOOK_SECRET = env.str("CHATWOOT_XTRACODE_WEBHOOK_SECRET", default="")
OUTREACH_ALLOWED_HOSTS = env.list("OUTREACH_ALLOWED_HOSTS", default=[])

# --- Watching -------------------------------------------------------------------------------------------------------

SENTRY_DSN = env.str("SENTRY_DSN", default="")
# The bearer token that /metrics requires. If empty, /metrics answers only callers on this machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Traces (scribe.traces): the collector's address for OTLP over http, headers for it ("name=value,…"), and the share of traces.
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
OTEL_EXPORTER_OTLP_HEADERS = env.str("OTEL_EXPORTER_OTLP_HEADERS", default="")
OTEL_SERVICE_NAME = env.str("OTEL_SERVICE_NAME", default="") or "xc-scribe"
OTEL_TRACES_SAMPLER_ARG = env.float("OTEL_TRACES_SAMPLER_ARG", default=1.0)
LOGGING_CONFIG = None  # scribe.logs configures logging once the app registry is ready

# scribe.api.middleware.AdminOnly wraps the admin's middleware, which these checks therefore do not find.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410", "security.W003"]

LANGUAGE_CODE = "en"
# Of the workbench, by their own names. A language stands here once its catalogue is whole.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("sr-latn", "Srpski")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["scribe.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
