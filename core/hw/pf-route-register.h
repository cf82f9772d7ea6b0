/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-plan.h"
#include "pf-tree.h"

G_BEGIN_DECLS

/* Offsets in the config space of the Intel xHCI, 32 bits each (drivers/usb/host/pci-quirks.c). */
#define PF_REGISTER_XUSB2PR 0xd0
#define PF_REGISTER_XUSB2PRM 0xd4
#define PF_REGISTER_USB3_PSSEN 0xd8
#define PF_REGISTER_USB3PRM 0xdc

gboolean pf_route_register_read (
    PfTree *tree, const char *router, PfRouterSetting setting, guint32 *value, GError **error);
void pf_route_register_write_async (PfTree *tree, const PfStep *step, GAsyncReadyCallback callback, gpointer user_data);
gboolean pf_route_register_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
