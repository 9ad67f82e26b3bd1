"""The password hasher."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane, as the OWASP Password Storage Cheat Sheet recommends. Django's 100 MiB
    for each sign-in that is going on let the web process grow by a gigabyte when many came at once. A hash with other
    parameters is made anew at the next sign-in."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
