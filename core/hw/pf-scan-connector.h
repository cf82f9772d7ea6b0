/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

const char *pf_scan_connector_get_name (const char *entry);
gboolean pf_scan_attribute_is (PfTree *tree, const char *directory, const char *attribute, const char *value);

G_END_DECLS
