"""Imported by the parent of every forked command, once: what kernels and commands need is then there already."""

from helpers.running import warm

warm.up()
