"""Django's entry to this package."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The package as Django installs it."""

    name = "server.pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins: a session begins there."""
        from django.contrib.auth.signals import user_logged_in

        from server.pages.sessions import note_beginning

        user_logged_in.connect(note_beginning, dispatch_uid="sessions begin")
