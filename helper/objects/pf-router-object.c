/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-router-object.h"

#include "pf-port-map.h"

static void
collect_devices (const PfController *controller, guint bit, GVariantBuilder *names)
{
  if (controller == NULL)
    return;
  for (guint i = 0; i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (device->bit == (int) bit && !device->is_rate_matching)
        g_variant_builder_add (names, "s", device->name);
    }
}

/* A port's devices are below the xHCI or below its EHCI, by where it is routed to. */
static GVariant *
list_devices (const PfRouter *router, guint bit)
{
  GVariantBuilder names;

  g_variant_builder_init (&names, G_VARIANT_TYPE_STRING_ARRAY);
  collect_devices (router->controller, bit, &names);
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    collect_devices (router->ehci[i], bit, &names);
  return g_variant_builder_end (&names);
}

static void
add_port (GVariantBuilder *rows, const PfRouter *router, const PfPort *port, PfLabels *labels)
{
  const PfController *ehci = router->ehci[port->ehci - 1];
  g_autofree char *name = pf_port_map_bit_to_name (port->bit);
  gboolean on_xhci = (router->value & (1u << port->bit)) != 0;
  const char *owner = pf_owner_to_string (pf_router_get_port_owner (router, port->bit));
  g_auto (PfNote) note = { NULL };

  pf_labels_get_note (labels, router->controller->function->address, name, &note);
  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (rows, "{sv}", "name", g_variant_new_string (name));
  g_variant_builder_add (rows, "{sv}", "bit", g_variant_new_uint32 (port->bit));
  g_variant_builder_add (rows, "{sv}", "label", g_variant_new_string (note.label));
  g_variant_builder_add (rows, "{sv}", "side", g_variant_new_string (on_xhci ? "xhci" : "ehci"));
  g_variant_builder_add (rows, "{sv}", "owner", g_variant_new_string (owner));
  g_variant_builder_add (rows, "{sv}", "movable", g_variant_new_boolean (port->movable));
  g_variant_builder_add (rows, "{sv}", "ehci",
                         g_variant_new_string (ehci != NULL ? ehci->function->address : ""));
  g_variant_builder_add (rows, "{sv}", "ehci-port", g_variant_new_uint32 (port->ehci_port));
  g_variant_builder_add (rows, "{sv}", "xhci-port", g_variant_new_uint32 (port->xhci_port));
  g_variant_builder_add (rows, "{sv}", "devices", list_devices (router, port->bit));
  g_variant_builder_add (rows, "{sv}", "place", g_variant_new_string (note.place));
  g_variant_builder_add (rows, "{sv}", "colour", g_variant_new_string (note.colour));
  g_variant_builder_close (rows);
}

/**
 * pf_router_object_update:
 * @skeleton: a router's interface
 * @router: its router
 * @labels: what people call the ports
 *
 * Publishes what is different from before.
 */
void
pf_router_object_update (PfDBusRouter *skeleton, const PfRouter *router, PfLabels *labels)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < router->ports->len; i++)
    add_port (&rows, router, &g_array_index (router->ports, PfPort, i), labels);
  pf_dbus_router_set_chipset (skeleton, router->chipset->name);
  pf_dbus_router_set_value (skeleton, router->value);
  pf_dbus_router_set_writable_mask (skeleton, router->mask);
  pf_dbus_router_set_super_speed_value (skeleton, router->super_speed_value);
  pf_dbus_router_set_ports (skeleton, g_variant_builder_end (&rows));
}
