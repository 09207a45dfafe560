"""Imported once, by the parent of every forked command: what kernels need is then there."""

from helpers.running import warm

warm.up()
