/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

char *pf_device_node_find (PfTree *tree, const char *address, dev_t *number);
gboolean pf_device_node_is (const struct stat *status, dev_t number);

G_END_DECLS
