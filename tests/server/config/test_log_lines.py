"""Where the log of the centre goes."""

import os
import subprocess
import sys

import pytest

SAY = "import django, logging; django.setup(); logging.getLogger('server').warning('it_happened')"


@pytest.mark.parametrize("face", ["", "browsers", "commune"])
def test_a_service_logs_on_standard_output_and_a_command_on_standard_error(tmp_path, face: str):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "PROCURATION_HOME": str(tmp_path),
        "PROCURATION_SERVER_FACE": face,
    }
    program = [sys.executable, "-c", SAY]
    said = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    is_service = face == "browsers"
    lines, silence = (said.stdout, said.stderr) if is_service else (said.stderr, said.stdout)
    assert '"event": "it_happened"' in lines
    assert silence == ""
