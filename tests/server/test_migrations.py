"""The migrations say what the models say: a table that nobody migrates would be missing in the field."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_waits_for_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
