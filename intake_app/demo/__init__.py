"""A province on one computer, to try everything: a centre, two district offices and a commune laptop.

Each is a process of its own with files of its own; between each office and the centre lies a link that can be cut.
"""
