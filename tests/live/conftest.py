"""The same halls as for the routes."""

from tests.routes.conftest import evening, patient, served, unhurried

__all__ = ["evening", "patient", "served", "unhurried"]
