/* SPDX-License-Identifier: GPL-3.0-or-later */

/* USB4 host interfaces: what a guest gets with them, and what the host loses. */

#include "pf-objection-private.h"
#include "pf-board-warning.h"

/**
 * pf_objection_add_host_routers:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to lending a USB4 host interface, named or taken along: it makes the tunnels through which docks,
 * screens and drives at USB4 and Thunderbolt ports are reached (USB4 specification, chapter 12), and has no
 * USB port of its own. Said once, with all names.
 */
void
pf_objection_add_host_routers (GPtrArray *objections, const PfFuture *future)
{
  g_autoptr (GString) names = g_string_new (NULL);
  const char *first = NULL;

  for (guint i = 0; i < future->board->controllers->len; i++)
    {
      const PfController *controller = future->board->controllers->pdata[i];
      const PfFunction *function = controller->function;
      g_autofree char *name = NULL;

      if (controller->kind != PF_CONTROLLER_KIND_USB4 || pf_function_get_owner (function) == PF_OWNER_GUEST
          || pf_future_get_owner (future, function) != PF_OWNER_GUEST)
        continue;
      name = pf_function_describe (function);
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
      first = first != NULL ? first : function->address;
    }
  if (first != NULL)
    g_ptr_array_add (objections,
                     pf_objection_new ("usb4-tunnels", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, first,
                                       g_strdup_printf ("%s: %s", names->str, PF_HOST_ROUTER_WARNING)));
}
