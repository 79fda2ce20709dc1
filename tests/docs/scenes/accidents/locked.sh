# A run on another machine was killed, and has left its lock.
folder=stacks/.pulumi/locks/organization/crm/dev
mkdir -p "$folder"
echo '{"pid": 7902, "username": "ci", "hostname": "runner-1", "timestamp": "2026-11-26T22:13:30Z"}' >"$folder/97d5e44b-e0af-4938-aef1-ca7467da860f.json"
