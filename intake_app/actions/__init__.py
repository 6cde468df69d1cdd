"""One file per thing a person or a peer does: values in, values out, the transaction visible as a `with`. No Flask objects."""
