/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a switch can change of the fake machine, and switches that are kept. */
#pragma once

#include "pf-test-helper.h"

G_BEGIN_DECLS

#define PF_TEST_PCI_DEVICES "sys/bus/pci/devices"

GPtrArray *pf_test_list (const char *path);
char *pf_test_get_driver (const char *address);
char *pf_test_describe_machine (void);
void pf_test_assert_same (const char *before, const char *after);
GVariant *pf_test_preview (const char *id);
GPtrArray *pf_test_list_codes (GVariant *objections, const char *severity);
gboolean pf_test_lend (const char *id, const char *const *override, GError **error);

G_END_DECLS
