"""Thaw: one person, one true reason, one question, one signal to find each other by."""
