"""The town hall without network: one commune, one computer, an encrypted store, a stick that comes and goes.

It is a device of role 4: it signs in its own log, seals what it wrote, and believes only what is signed. Its
pages are those of the town-hall portal, over the same dossiers, folded here from the events that came.
"""
