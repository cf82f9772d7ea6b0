/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-usb.h"

#include <string.h>

#include "pf-fake-builtin.h"
#include "pf-fake-chips.h"
#include "pf-fake-class.h"
#include "pf-fake-disk.h"
#include "pf-fake-driver.h"
#include "pf-fake-plug.h"
#include "pf-fake-usb-files.h"

#define CLASS_UHCI 0x0c0300
#define CLASS_OHCI 0x0c0310
#define CLASS_EHCI 0x0c0320
#define CLASS_XHCI 0x0c0330

/* The port of its root hub that an EHCI's rate matching hub hangs on. */
#define RATE_MATCHING_PORT 1

static gboolean
has_rate_matching_hub (const PfFakePci *ehci)
{
  return pf_fake_usb_count_hub_ports (ehci) > 0;
}

static const PfFakeRouterChip *
find_companion_chip (const PfFakePci *ehci, int *index)
{
  return ehci->spec->class_code == CLASS_EHCI ? pf_fake_chips_find_companion (ehci->spec->id, index) : NULL;
}

/**
 * pf_fake_usb_count_hub_ports:
 *
 * Returns: how many ports the rate matching hub of an Intel EHCI has; 0 where there is no such hub
 */
int
pf_fake_usb_count_hub_ports (const PfFakePci *ehci)
{
  int index = 0;
  const PfFakeRouterChip *chip = find_companion_chip (ehci, &index);

  if (ehci->spec->class_code != CLASS_EHCI)
    return 0;
  if (ehci->spec->hub_ports != PF_FAKE_AUTO)
    return MAX (ehci->spec->hub_ports, 0);
  return chip != NULL ? chip->hub_ports[index] : 0;
}

/**
 * pf_fake_usb_count_ports:
 *
 * Returns: how many ports the controller's root hub of that half has; 0 where it has no such hub
 */
int
pf_fake_usb_count_ports (const PfFakePci *pci, PfFakeHalf half)
{
  const PfFakeFunction *spec = pci->spec;
  const PfFakeRouterChip *chip = pf_fake_chips_find_router (spec->id);
  int given = half == PF_FAKE_HALF_USB2 ? spec->usb2_ports : spec->usb3_ports;

  if (half == PF_FAKE_HALF_SUPER_SPEED && spec->class_code != CLASS_XHCI)
    return 0;
  if (given != PF_FAKE_AUTO)
    return MAX (given, 0);
  if (chip != NULL)
    return half == PF_FAKE_HALF_USB2 ? chip->usb2_ports : chip->usb3_ports;
  switch (spec->class_code)
    {
    case CLASS_UHCI:
      return 2;
    case CLASS_OHCI:
      return 3;
    case CLASS_EHCI:
      return has_rate_matching_hub (pci) ? 2 : 6;
    case CLASS_XHCI:
      return 4;
    default:
      return 0;
    }
}

/* Returns: 0 where there is none left (USB_MAXBUS in drivers/usb/core/hcd.c) */
static guint
take_bus_number (PfFakeKernel *kernel)
{
  const guint end = 8 * sizeof kernel->buses - 1;
  guint number = 1;

  while (number < end && kernel->buses[number / 8] & 1 << number % 8)
    number++;
  if (number == end)
    return 0;
  kernel->buses[number / 8] |= 1 << number % 8;
  return number;
}

static void
give_bus_number_back (PfFakeKernel *kernel, guint number)
{
  kernel->buses[number / 8] &= ~(1 << number % 8);
}

static const char *
name_controller (const PfFakePci *pci)
{
  switch (pci->spec->class_code)
    {
    case CLASS_UHCI:
      return "UHCI Host Controller";
    case CLASS_OHCI:
      return "OHCI PCI host controller";
    case CLASS_EHCI:
      return "EHCI Host Controller";
    default:
      return "xHCI Host Controller";
    }
}

static const char *
choose_root_speed (const PfFakePci *pci, PfFakeHalf half)
{
  if (half == PF_FAKE_HALF_SUPER_SPEED)
    return pci->spec->usb3_speed == 20000 ? "20000" : pci->spec->usb3_speed == 10000 ? "10000" : "5000";
  return pci->spec->class_code == CLASS_UHCI || pci->spec->class_code == CLASS_OHCI ? "12" : "480";
}

static PfFakeDevice *
describe_root_hub (const PfFakePci *pci, const char *speed)
{
  PfFakeDevice *spec = g_new0 (PfFakeDevice, 1);
  guint product = g_ascii_strtod (speed, NULL) > 480 ? 3 : strcmp (speed, "480") == 0 ? 2 : 1;

  spec->name = g_strdup ("root hub");
  spec->kind = g_strdup ("hub");
  spec->id = 0x1d6b0000 | product;
  spec->manufacturer = g_strdup_printf ("Linux %s %s", pci->kernel->board->kernel, pci->driver->name);
  spec->product = g_strdup (name_controller (pci));
  spec->serial = g_strdup (pci->spec->address);
  return spec;
}

static PfFakeUsb *
create_device (PfFakeHost *host, PfFakeHalf half, const PfFakeDevice *spec)
{
  PfFakeUsb *device = g_new0 (PfFakeUsb, 1);

  device->kernel = host->pci->kernel;
  device->host = host;
  device->half = half;
  device->spec = spec;
  device->number = ++host->last_number[half];
  device->links = g_ptr_array_new ();
  device->inputs = g_ptr_array_new ();
  device->children = g_ptr_array_new ();
  return device;
}

/* Returns: (nullable): NULL where the kernel has no more numbers for buses */
static PfFakeUsb *
add_root_hub (PfFakeHost *host, PfFakeHalf half)
{
  PfFakePci *pci = host->pci;
  guint bus = take_bus_number (pci->kernel);
  const char *speed = choose_root_speed (pci, half);
  PfFakeDevice *spec;
  PfFakeUsb *hub;

  if (bus == 0)
    {
      pf_fake_kernel_object (pci->kernel, "function", pci->spec->declared, "class",
                             "this board has more USB buses than the kernel has numbers for");
      return NULL;
    }
  spec = describe_root_hub (pci, speed);
  hub = create_device (host, half, spec);
  hub->own_spec = spec;
  hub->speed = speed;
  hub->ports = pf_fake_usb_count_ports (pci, half);
  hub->bus = bus;
  hub->sysname = g_strdup_printf ("usb%u", hub->bus);
  hub->path = g_strdup ("0");
  pf_fake_usb_files_add (hub, pci->node);
  return hub;
}

/**
 * pf_fake_usb_start:
 *
 * A host controller driver has got @pci: its root hubs appear; devices follow when they have been enumerated.
 */
void
pf_fake_usb_start (PfFakePci *pci)
{
  PfFakeHost *host;

  if (pf_fake_usb_count_ports (pci, PF_FAKE_HALF_USB2) == 0)
    return;
  host = g_new0 (PfFakeHost, 1);
  host->pci = pci;
  pci->host = host;
  host->hubs[PF_FAKE_HALF_USB2] = add_root_hub (host, PF_FAKE_HALF_USB2);
  if (pf_fake_usb_count_ports (pci, PF_FAKE_HALF_SUPER_SPEED) > 0)
    host->hubs[PF_FAKE_HALF_SUPER_SPEED] = add_root_hub (host, PF_FAKE_HALF_SUPER_SPEED);
  pf_fake_plug_settle_later (pci->kernel);
}

/**
 * pf_fake_usb_stop:
 *
 * The driver lets go of @pci: everything below it is gone at once.
 */
void
pf_fake_usb_stop (PfFakePci *pci)
{
  PfFakeHost *host = g_steal_pointer (&pci->host);

  if (host == NULL)
    return;
  for (int half = PF_FAKE_N_HALVES - 1; half >= 0; half--)
    if (host->hubs[half] != NULL)
      {
        guint bus = host->hubs[half]->bus;

        pf_fake_usb_remove (host->hubs[half]);
        give_bus_number_back (pci->kernel, bus);
      }
  g_free (host);
  pf_fake_plug_settle_later (pci->kernel);
}

static const char *
choose_speed (const PfFakeUsb *hub, const PfFakeDevice *spec)
{
  const char *speed = pf_fake_usb_files_get_speed (spec);
  double own = g_ascii_strtod (speed, NULL);
  double limit = g_ascii_strtod (hub->speed, NULL);

  return own <= limit ? speed : hub->speed;
}

/**
 * pf_fake_usb_add:
 * @hub: where it is plugged in
 * @spec: what it is; must outlive the device
 * @seat: (nullable): set to the device, and to NULL when it goes
 *
 * Enumerates a device.
 *
 * Returns: (transfer none): the device, owned by @hub
 */
PfFakeUsb *
pf_fake_usb_add (PfFakeUsb *hub, guint port, const PfFakeDevice *spec, PfFakeUsb **seat)
{
  PfFakeUsb *device = create_device (hub->host, hub->half, spec);

  device->parent = hub;
  device->port = port;
  device->bus = hub->bus;
  device->speed = choose_speed (hub, spec);
  device->ports = strcmp (spec->kind, "hub") == 0 ? spec->ports : 0;
  device->path
      = hub->parent == NULL ? g_strdup_printf ("%u", port) : g_strdup_printf ("%s.%u", hub->path, port);
  device->sysname = g_strdup_printf ("%u-%s", device->bus, device->path);
  device->seat = seat;
  if (seat != NULL)
    *seat = device;
  g_ptr_array_add (hub->children, device);
  pf_fake_usb_files_add (device, hub->node);
  if (g_str_has_prefix (spec->kind, "storage") || strcmp (spec->kind, "uas") == 0)
    pf_fake_disk_attach_usb (device);
  pf_fake_class_attach (device->kernel, spec->name, pf_fake_usb_files_get_interface (device, 0));
  pf_fake_builtin_attach (device->kernel, spec->name, pf_fake_usb_files_get_interface (device, 0),
                          strcmp (spec->kind, "bluetooth") == 0);
  return device;
}

/**
 * pf_fake_usb_remove:
 *
 * The device is gone, and all that is plugged into it.
 */
void
pf_fake_usb_remove (PfFakeUsb *device)
{
  while (device->children->len > 0)
    pf_fake_usb_remove (g_ptr_array_index (device->children, device->children->len - 1));
  pf_fake_disk_detach (device->kernel, device->spec->name);
  pf_fake_class_detach (device->kernel, device->spec->name, NULL);
  pf_fake_builtin_detach (device->kernel, device->spec->name);
  pf_fake_usb_files_remove (device);
  if (device->seat != NULL)
    *device->seat = NULL;
  if (device->parent != NULL)
    g_ptr_array_remove (device->parent->children, device);
  g_ptr_array_unref (device->links);
  g_ptr_array_unref (device->inputs);
  g_ptr_array_unref (device->children);
  g_clear_pointer (&device->own_spec, pf_fake_board_free_device);
  g_free (device->sysname);
  g_free (device->path);
  g_free (device);
}

/**
 * pf_fake_usb_enumerate_rate_matching_hub:
 *
 * Adds the hub that @host has built in, where it has one and the kernel has not seen it yet.
 */
void
pf_fake_usb_enumerate_rate_matching_hub (PfFakeHost *host)
{
  int index = 0;
  const PfFakeRouterChip *chip = find_companion_chip (host->pci, &index);
  PfFakeDevice *spec;

  if (host->rate_matching != NULL || host->hubs[PF_FAKE_HALF_USB2] == NULL
      || !has_rate_matching_hub (host->pci))
    return;
  spec = g_new0 (PfFakeDevice, 1);
  spec->name = g_strdup ("rate matching hub");
  spec->kind = g_strdup ("hub");
  spec->id = host->pci->spec->hub_id != 0 ? host->pci->spec->hub_id
             : chip != NULL               ? chip->hub[index]
                                          : 0x80870024;
  spec->ports = pf_fake_usb_count_hub_ports (host->pci);
  pf_fake_usb_add (host->hubs[PF_FAKE_HALF_USB2], RATE_MATCHING_PORT, spec, &host->rate_matching)->own_spec
      = spec;
}
