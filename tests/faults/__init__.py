"""The real programs, on a real disk, meet what breaks: kills, power cuts, full disks, damaged bytes."""
