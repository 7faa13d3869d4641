"""The council's counterparts: providers and their sites, funders, bank accounts."""
