share/lab/lab exec --name t28172a spine1 ovs-vsctl --columns=name,tag,trunks list Port leaf1
