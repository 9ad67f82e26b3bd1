"""The fields that admin pages must not show: encrypted fields, passwords, hashes and digests of tokens."""

from django.db.models import Field, Model

from scribe.crypto import EncryptedTextField

NAMES = frozenset(
    {"password", "digest", "key_hash", "token_hash", "state_hash", "install_hash", "code_hash", "bin_key"}
)
ENDINGS = ("_digest", "_token_hash", "_secret")


def is_secret(field: "Field[object, object]") -> bool:
    """Whether `field` holds a secret, or something usable like one."""
    return isinstance(field, EncryptedTextField) or field.name in NAMES or field.name.endswith(ENDINGS)


def secret_fields(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if is_secret(field)}


def shown_fields(model: type[Model]) -> list[str]:
    """Every field of `model` that may be shown, in its order."""
    return [field.name for field in model._meta.concrete_fields if not is_secret(field)]
