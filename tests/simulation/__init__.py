"""The simulator: many tablets, agents and carriers and one centre in one process, with the real cryptography
and the real databases, in virtual time; everything goes wrong that a seed asks for, and one oracle checks
the invariants of DESIGN 8. `README.md` in this folder says how to read it.
"""
