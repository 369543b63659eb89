share/lab/lab exec --name t28172a leaf4 ovs-vsctl clear Port h4 tag
