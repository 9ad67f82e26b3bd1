from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = "Workbench"

    def ready(self) -> None:
        from scribe import messages
        from scribe.fairness import callers
        from workbench import labels, pictures, session

        messages.TERMS.update(labels.TERMS)
        callers.proofs += [session.proof, pictures.proof]
