"""The version of this software, told to central and shown on the status page."""

VERSION = "0.1.0"
