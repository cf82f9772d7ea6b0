/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only. */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

/**
 * PfFuture:
 * @board: the board before the plan
 * @drivers: (element-type utf8 utf8): address → driver afterwards, or "" for none
 * @values: (element-type utf8 guint32): a router's address → XUSB2PR afterwards
 * @super_speeds: (element-type utf8 guint32): a router's address → USB3_PSSEN afterwards
 *
 * A board as it will be after the last step of a plan.
 */
typedef struct
{
  const PfBoard *board;
  GHashTable *drivers;
  GHashTable *values;
  GHashTable *super_speeds;
} PfFuture;

void pf_future_init (PfFuture *future, const PfBoard *board, const PfPlan *plan);
void pf_future_clear (PfFuture *future);
PfOwner pf_future_get_owner (const PfFuture *future, const PfFunction *function);
PfOwner pf_future_get_port_owner (const PfFuture *future, const PfRouter *router, guint bit);
guint32 pf_future_get_super_speed (const PfFuture *future, const PfRouter *router);
PfOwner pf_future_get_device_owner (const PfFuture *future,
                                    const PfController *controller,
                                    const PfUsbDevice *device);
PfOwner pf_future_get_place_owner (const PfFuture *future, const PfUsePlace *place);
gboolean
pf_future_unplugs_device (const PfFuture *future, const PfController *controller, const PfUsbDevice *device);

const PfInputAdapter *pf_future_find_leaving_adapter (const PfFuture *future, const PfInput *input);
gboolean pf_future_keeps_input (const PfFuture *future, const PfInput *input);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfFuture, pf_future_clear)

G_END_DECLS
