from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = "Workbench"

    def ready(self) -> None:
        from scribe.fairness import callers
        from workbench import pictures, session

        callers.proofs += [session.proof, pictures.proof]
