"""What a resource is and what "different" means. Pure: no AWS, no Pulumi, nothing of ours but itself."""
