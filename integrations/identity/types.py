"""What a provider tells us about a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """`subject` identifies the person. Trust the address only if `email_verified`, fully only if `authoritative`."""

    provider: str
    subject: str
    email: str = ""
    email_verified: bool = False
    authoritative: bool = False
    first_name: str = ""
    last_name: str = ""
    nonce: str | None = None
