"""What administrators do: accounts, the organisation tree, the audit log, the state of the service."""
