/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

char *pf_udev_db_read (PfTree *tree, const char *id, const char *property);

G_END_DECLS
