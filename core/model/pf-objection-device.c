/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the hardware cannot do. */

#include "pf-objection-private.h"

#include <string.h>

#define SUPER_SPEED 5000 /* Mbit/s */

/* Plugged into a SuperSpeed root hub itself; the port's number, or 0. */
static guint
get_super_speed_port (const PfController *xhci, const PfUsbDevice *device)
{
  guint bus = (guint) g_ascii_strtoull (device->sysname, NULL, 10);
  const char *dash = strchr (device->sysname, '-');

  if (dash == NULL || strchr (dash, '.') != NULL)
    return 0;
  for (guint i = 0; i < xhci->root_hubs->len; i++)
    {
      const PfRootHub *hub = xhci->root_hubs->pdata[i];

      if (hub->bus == bus && hub->speed >= SUPER_SPEED)
        return (guint) g_ascii_strtoull (dash + 1, NULL, 10);
    }
  return 0;
}

static void
find_usb2_half (const PfController *controller, const PfUsbDevice *half, guint *count, int *bit)
{
  for (guint i = 0; controller != NULL && i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (!device->is_hub || device->vendor != half->vendor || device->bit == PF_CHIPSET_NO_BIT)
        continue;
      (*count)++;
      *bit = device->bit;
    }
}

/* Which router port is in the same socket. Linux cannot tell: the board's wiring decides. A hub has a USB2
 * half of the same maker that is plugged in where it is. Otherwise most boards pair the ports whose bits have
 * the same number in both registers (XUSB2PR and USB3_PSSEN), as 24 decoded ACPI tables of the 8 series do.
 */
static int
find_pair (const PfRouter *router, const PfUsbDevice *device, guint port)
{
  int bit = PF_CHIPSET_NO_BIT;
  guint count = 0;

  if (device->is_hub)
    {
      find_usb2_half (router->controller, device, &count, &bit);
      for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
        find_usb2_half (router->ehci[i], device, &count, &bit);
      if (count == 1)
        return bit;
    }
  return port <= PF_CHIPSET_MAX_PORTS ? router->chipset->super_speed_bits[port - 1] : PF_CHIPSET_NO_BIT;
}

/* Whether the plan switches the SuperSpeed half off: what is in there comes back at USB2, and so goes along. */
static gboolean
falls_back (const PfFuture *future, const PfRouter *router, guint port)
{
  int half = port <= PF_CHIPSET_MAX_PORTS ? router->chipset->super_speed_bits[port - 1] : PF_CHIPSET_NO_BIT;
  guint32 now = router->super_speed_value;

  return half != PF_CHIPSET_NO_BIT && (now & ~pf_future_get_super_speed (future, router) & (1u << half)) != 0;
}

static void
object_to_half (GPtrArray *objections,
                const PfFuture *future,
                const PfRouter *router,
                const PfUsbDevice *device)
{
  guint port = get_super_speed_port (router->controller, device);
  int bit = port > 0 ? find_pair (router, device, port) : PF_CHIPSET_NO_BIT;
  g_autofree char *name = NULL;

  if (port > 0 && falls_back (future, router, port))
    return;
  if (bit < 0 || bit >= PF_PORT_MAP_N_BITS || (router->existing & (1u << bit)) == 0
      || pf_router_get_port_owner (router, (guint) bit) == PF_OWNER_GUEST
      || pf_future_get_port_owner (future, router, (guint) bit) != PF_OWNER_GUEST)
    return;
  name = pf_port_map_bit_to_name ((guint) bit);
  g_ptr_array_add (
      objections,
      pf_objection_new (
          "super-speed-half-stays", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION, device->sysname,
          g_strdup_printf (
              device->is_hub ? "%s is a SuperSpeed hub in the socket of port %s, as far as can be told: its "
                               "SuperSpeed half stays with the host, and so does what runs at that speed "
                               "below it. Connect the hub by a USB2 cable or socket."
                             : "%s runs at SuperSpeed in the socket of port %s, as far as can be told: only "
                               "the USB2 half of that socket moves, and the device stays with the host. "
                               "Connect it by a USB2 cable or socket.",
              device->name, name)));
}

/**
 * pf_objection_add_super_speed:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 *
 * Objects to a socket of which only the USB2 half goes to the guest while something runs on the other: the
 * SuperSpeed wires stay on the xHCI, whatever the routing register says.
 */
void
pf_objection_add_super_speed (GPtrArray *objections, const PfFuture *future)
{
  for (guint i = 0; i < future->board->routers->len; i++)
    {
      const PfRouter *router = future->board->routers->pdata[i];
      const PfController *xhci = router->controller;

      if (pf_function_get_owner (xhci->function) != PF_OWNER_HOST
          || pf_future_get_owner (future, xhci->function) != PF_OWNER_HOST)
        continue;
      for (guint j = 0; j < xhci->devices->len; j++)
        object_to_half (objections, future, router, xhci->devices->pdata[j]);
    }
}
