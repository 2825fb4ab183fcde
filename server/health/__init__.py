"""Whether the centre is well: the state of its disks, certificates, tables, jobs and messages, in words
and in figures."""
