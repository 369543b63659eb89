/* What the files of this driver share. */
#ifndef DIALECT_H
#define DIALECT_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect dialect;

#endif
