sdctl rollback blue --yes
