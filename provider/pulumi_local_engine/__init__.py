"""A local engine that behaves as the real one was recorded to behave (tests/traces), for any Python dynamic provider.

Two doors: `api.run` does what one command does, `memory.MemoryStack` is that for tests. Inside, from the program to the provider:

- `programs` starts the program, `monitor` and `requests` turn its calls into goals, `registrar` sees each through;
- `plan` decides (with `ledger` what is known, `targeting` who takes part, `replacing` who must follow, `differences` and `paths`
  what differs, `graph` who needs whom), `deletion`, `refreshing` and `importing` plan what no program asks for;
- `execution` carries actions out, `applying` knows how each is done, `journal` keeps and saves state, `events` tells;
- `hooks` calls functions of the program before updates, in previews;
- `registry` finds the provider, `dynamic` speaks to its process, `hosts` runs that; `mocks` stands for other packages';
- `values`, `wire`, `state`, `urns` are the data.

The command line around it is `commands`, with `backend`, `config`, `settings` and `secrets`.
"""
