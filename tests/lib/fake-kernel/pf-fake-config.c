/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pf-fake-chips.h"
#include "pf-fake-ops.h"
#include "pf-fake-plug.h"

/* Where a read by somebody without CAP_SYS_ADMIN ends (pci_read_config() in drivers/pci/pci-sysfs.c). */
#define PUBLIC_SIZE 64

static void
put (guint8 *bytes, gsize offset, guint size, guint32 value)
{
  for (guint i = 0; i < size; i++)
    bytes[offset + i] = value >> (8 * i);
}

/**
 * pf_fake_config_get:
 *
 * Returns: the 32 bits at @offset
 */
guint32
pf_fake_config_get (const PfFakePci *pci, gsize offset)
{
  const guint8 *bytes = pci->config + offset;

  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static gboolean
has_siblings (const PfFakePci *pci)
{
  const PfFakeBoard *board = pci->kernel->board;
  const PfFakeAddress *own = &pci->spec->parsed;

  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFakeAddress *other = &((PfFakeFunction *) g_ptr_array_index (board->functions, i))->parsed;

      if (other->domain == own->domain && other->bus == own->bus && other->slot == own->slot
          && other->function != own->function)
        return TRUE;
    }
  return FALSE;
}

static void
fill_standard_header (PfFakePci *pci)
{
  const PfFakeFunction *spec = pci->spec;
  int header = pf_fake_pci_get_header_type (pci);

  put (pci->config, 0x00, 2, spec->id >> 16);
  put (pci->config, 0x02, 2, spec->id & 0xffff);
  put (pci->config, 0x04, 2, 0x0006);
  put (pci->config, 0x06, 2, 0x0290);
  put (pci->config, 0x08, 1, spec->revision);
  put (pci->config, 0x09, 3, spec->class_code);
  put (pci->config, 0x0e, 1, header | (spec->parsed.function == 0 && has_siblings (pci) ? 0x80 : 0));
  if (header == 1)
    {
      put (pci->config, 0x18, 1, spec->parsed.bus);
      put (pci->config, 0x19, 1, spec->secondary);
      put (pci->config, 0x1a, 1, spec->secondary);
    }
  else
    {
      put (pci->config, 0x2c, 2, spec->subsystem >> 16);
      put (pci->config, 0x2e, 2, spec->subsystem & 0xffff);
    }
  put (pci->writable, 0x04, 2, 0x0547);
  put (pci->writable, 0x0c, 2, 0xffff);
  put (pci->writable, 0x3c, 1, 0xff);
}

static void
fill_routing_registers (PfFakePci *pci)
{
  const PfFakeFunction *spec = pci->spec;
  const PfFakeRouterChip *chip = pf_fake_chips_find_router (spec->id);
  guint32 mask, ss_mask, extra;

  if (chip == NULL)
    return;
  mask = spec->mask >= 0 ? (guint32) spec->mask : chip->mask;
  ss_mask = spec->ss_mask >= 0 ? (guint32) spec->ss_mask : (1u << chip->usb3_ports) - 1;
  extra = spec->routing_extra > 0 ? spec->routing_extra : 0;
  put (pci->config, PF_FAKE_CONFIG_XUSB2PR, 4, spec->routing >= 0 ? (guint32) spec->routing : mask);
  put (pci->config, PF_FAKE_CONFIG_XUSB2PRM, 4, mask);
  put (pci->config, PF_FAKE_CONFIG_USB3_PSSEN, 4, ss_mask);
  put (pci->config, PF_FAKE_CONFIG_USB3PRM, 4, ss_mask);
  if (!spec->routing_stuck)
    {
      put (pci->writable, PF_FAKE_CONFIG_XUSB2PR, 4, mask | extra);
      put (pci->writable, PF_FAKE_CONFIG_USB3_PSSEN, 4, ss_mask);
    }
}

/* "0x70=01000000;0x74=..." */
static gboolean
fill_from_list (PfFakePci *pci, const char *key, char **list, guint8 *bytes, GError **error)
{
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    {
      guint offset, value;
      int end = 0;

      if (sscanf (list[i], "%x=%x%n", &offset, &value, &end) != 2 || list[i][end] != '\0'
          || offset > pci->config_size - 4)
        return pf_fake_kernel_fail (pci->kernel, "function", pci->spec->declared, key, error,
                                    "expected OFFSET=VALUE, both hexadecimal: %s", list[i]);
      put (bytes, offset, 4, value);
    }
  return TRUE;
}

/**
 * pf_fake_config_fill:
 *
 * Gives @pci its config space: what the board file says of the function, and what its chip has.
 *
 * Returns: FALSE with @error set when the board file makes no sense here
 */
gboolean
pf_fake_config_fill (PfFakePci *pci, GError **error)
{
  fill_standard_header (pci);
  fill_routing_registers (pci);
  return fill_from_list (pci, "config", pci->spec->config, pci->config, error)
         && fill_from_list (pci, "config-writable", pci->spec->config_writable, pci->writable, error);
}

/**
 * pf_fake_config_put:
 *
 * Writes as the chip sees it: bits that cannot be changed stay. Ports that are routed elsewhere move.
 */
void
pf_fake_config_put (PfFakePci *pci, gsize offset, const void *bytes, gsize size)
{
  const guint8 *new = bytes;
  guint32 usb2 = pf_fake_config_get (pci, PF_FAKE_CONFIG_XUSB2PR);
  guint32 usb3 = pf_fake_config_get (pci, PF_FAKE_CONFIG_USB3_PSSEN);

  for (gsize i = 0; i < size; i++)
    {
      guint8 mask = pci->writable[offset + i];

      pci->config[offset + i] = (pci->config[offset + i] & ~mask) | (new[i] & mask);
    }
  if (usb2 != pf_fake_config_get (pci, PF_FAKE_CONFIG_XUSB2PR)
      || usb3 != pf_fake_config_get (pci, PF_FAKE_CONFIG_USB3_PSSEN))
    pf_fake_plug_settle_later (pci->kernel);
}

/**
 * pf_fake_config_put32:
 *
 * Like pf_fake_config_put(), for one register.
 */
void
pf_fake_config_put32 (PfFakePci *pci, gsize offset, guint32 value)
{
  guint8 bytes[4];

  put (bytes, 0, 4, value);
  pf_fake_config_put (pci, offset, bytes, sizeof bytes);
}

static gboolean
has_intel_ehci (PfFakeKernel *kernel)
{
  for (guint i = 0; i < kernel->pci->len; i++)
    {
      const PfFakeFunction *spec = ((PfFakePci *) g_ptr_array_index (kernel->pci, i))->spec;

      if (spec->class_code == 0x0c0320 && spec->id >> 16 == 0x8086)
        return TRUE;
    }
  return FALSE;
}

/**
 * pf_fake_config_route_all_to_xhci:
 *
 * What the kernel does at boot and whenever xhci_hcd resumes (usb_enable_intel_xhci_ports() in
 * drivers/usb/host/pci-quirks.c): all that may be routed goes to the xHCI, where the chip can and an Intel
 * EHCI is there, but not on a Sony VAIO T.
 */
void
pf_fake_config_route_all_to_xhci (PfFakePci *xhci)
{
  if (pf_fake_chips_find_router (xhci->spec->id) == NULL || xhci->spec->subsystem == 0x104d90a8
      || !has_intel_ehci (xhci->kernel))
    return;
  pf_fake_config_put32 (xhci, PF_FAKE_CONFIG_USB3_PSSEN, pf_fake_config_get (xhci, PF_FAKE_CONFIG_USB3PRM));
  pf_fake_config_put32 (xhci, PF_FAKE_CONFIG_XUSB2PR, pf_fake_config_get (xhci, PF_FAKE_CONFIG_XUSB2PRM));
}

/**
 * pf_fake_config_read:
 *
 * The pread function of the config attribute.
 */
gssize
pf_fake_config_read (gpointer owner, gboolean privileged, char *buffer, gsize size, goffset offset)
{
  const PfFakePci *pci = owner;
  goffset end = privileged ? (goffset) pci->config_size : PUBLIC_SIZE;

  if (offset >= end)
    return 0;
  size = MIN (size, (gsize) (end - offset));
  memcpy (buffer, pci->config + offset, size);
  return size;
}

/**
 * pf_fake_config_write:
 *
 * The store function of the config attribute.
 */
int
pf_fake_config_write (gpointer owner, PfFakeCall *call)
{
  PfFakePci *pci = owner;

  if (call->offset >= (goffset) pci->config_size)
    return -EFBIG;
  if (pci->kernel->board->lockdown)
    return -EPERM;
  call->size = MIN (call->size, pci->config_size - call->offset);
  pf_fake_config_put (pci, call->offset, call->data, call->size);
  return 0;
}
