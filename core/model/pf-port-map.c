/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-port-map.h"

#include <string.h>

#include "pf-error.h"
#include "pf-text.h"

/**
 * pf_port_map_bit_to_ehci:
 * @bit: in XUSB2PR, below PF_PORT_MAP_N_BITS
 *
 * Returns: 1 or 2: the EHCI that has the port when it is not on the xHCI
 */
guint
pf_port_map_bit_to_ehci (guint bit)
{
  return bit < PF_PORT_MAP_EHCI2_BASE ? 1 : 2;
}

/**
 * pf_port_map_bit_to_ehci_port:
 * @bit: in XUSB2PR, below PF_PORT_MAP_N_BITS
 *
 * Returns: the port's number on its EHCI's hub, from 1
 */
guint
pf_port_map_bit_to_ehci_port (guint bit)
{
  return (bit < PF_PORT_MAP_EHCI2_BASE ? bit : bit - PF_PORT_MAP_EHCI2_BASE) + 1;
}

/**
 * pf_port_map_bit_to_name:
 * @bit: in XUSB2PR, below PF_PORT_MAP_N_BITS
 *
 * Returns: (transfer full): the port's name, for example "ehci2/3" for bit 10
 */
char *
pf_port_map_bit_to_name (guint bit)
{
  g_return_val_if_fail (bit < PF_PORT_MAP_N_BITS, NULL);
  return g_strdup_printf ("ehci%u/%u", pf_port_map_bit_to_ehci (bit), pf_port_map_bit_to_ehci_port (bit));
}

static gboolean
add_ehci_port (PfPortSet *set, const char *number, guint ehci)
{
  guint64 port;
  guint base = ehci == 1 ? 0 : PF_PORT_MAP_EHCI2_BASE;
  guint ports = ehci == 1 ? PF_PORT_MAP_EHCI2_BASE : PF_PORT_MAP_N_BITS - PF_PORT_MAP_EHCI2_BASE;

  if (!g_ascii_string_to_unsigned (number, 10, 1, ports, &port, NULL))
    return FALSE;
  set->bits |= 1u << (base + (guint) port - 1);
  return TRUE;
}

/* A mask as the HOWTOs write them: the bits of the ports meant, in hex. */
static gboolean
add_mask (PfPortSet *set, const char *digits)
{
  guint64 mask;

  if (!g_ascii_string_to_unsigned (digits, 16, 1, PF_PORT_MAP_BITS, &mask, NULL))
    return FALSE;
  set->bits |= (guint32) mask;
  return TRUE;
}

static gboolean
add_name (PfPortSet *set, const char *name)
{
  guint64 bit;

  if (g_str_equal (name, "all"))
    set->all_of_ehci[0] = set->all_of_ehci[1] = TRUE;
  else if (g_str_equal (name, "ehci1"))
    set->all_of_ehci[0] = TRUE;
  else if (g_str_equal (name, "ehci2"))
    set->all_of_ehci[1] = TRUE;
  else if (g_str_has_prefix (name, "ehci1/"))
    return add_ehci_port (set, name + strlen ("ehci1/"), 1);
  else if (g_str_has_prefix (name, "ehci2/"))
    return add_ehci_port (set, name + strlen ("ehci2/"), 2);
  else if (g_str_has_prefix (name, "0x"))
    return add_mask (set, name + strlen ("0x"));
  else if (g_str_has_prefix (name, "bit/")
           && g_ascii_string_to_unsigned (name + strlen ("bit/"), 10, 0, PF_PORT_MAP_N_BITS - 1, &bit, NULL))
    set->bits |= 1u << bit;
  else
    return FALSE;
  return TRUE;
}

/**
 * pf_port_set_add_name:
 * @set: a set of ports
 * @name: "ehci1/1" to "ehci1/8", "ehci2/1" to "ehci2/6", "bit/0" to "bit/13", a mask of such bits ("0x3f00"),
 *   "ehci1", "ehci2" or "all"
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether @name was added to @set
 */
gboolean
pf_port_set_add_name (PfPortSet *set, const char *name, GError **error)
{
  g_autofree char *shown = NULL;

  if (add_name (set, name))
    return TRUE;
  shown = pf_text_clean (name, strnlen (name, 40));
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
               "“%s” is not a port. Ports are ehci1/1 to ehci1/8 and ehci2/1 to ehci2/6, bit/0 to bit/13, a mask such "
               "as 0x3f00, or ehci1, ehci2 and all for every port there.",
               shown);
  return FALSE;
}

/**
 * pf_port_set_to_names:
 * @set: a set of ports
 *
 * Returns: (transfer full): names that pf_port_set_add_name() makes the same set of, in bit order
 */
char **
pf_port_set_to_names (const PfPortSet *set)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (set->all_of_ehci[0] && set->all_of_ehci[1])
    g_strv_builder_add (names, "all");
  else if (set->all_of_ehci[0])
    g_strv_builder_add (names, "ehci1");
  else if (set->all_of_ehci[1])
    g_strv_builder_add (names, "ehci2");
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    if ((set->bits & (1u << bit)) != 0 && !set->all_of_ehci[pf_port_map_bit_to_ehci (bit) - 1])
      {
        g_autofree char *name = pf_port_map_bit_to_name (bit);

        g_strv_builder_add (names, name);
      }
  return g_strv_builder_end (names);
}

/**
 * pf_port_set_is_empty:
 * @set: a set of ports
 *
 * Returns: whether it names no port
 */
gboolean
pf_port_set_is_empty (const PfPortSet *set)
{
  return set->bits == 0 && !set->all_of_ehci[0] && !set->all_of_ehci[1];
}

/**
 * pf_port_set_resolve:
 * @set: a set of ports
 * @existing: bits of the ports that a board has
 *
 * Returns: the bits that are meant; those named one by one may be outside @existing
 */
guint32
pf_port_set_resolve (const PfPortSet *set, guint32 existing)
{
  guint32 bits = set->bits;

  if (set->all_of_ehci[0])
    bits |= existing & PF_PORT_MAP_EHCI1_BITS;
  if (set->all_of_ehci[1])
    bits |= existing & PF_PORT_MAP_EHCI2_BITS;
  return bits;
}

/**
 * pf_port_map_ehci_port_to_bit:
 * @chipset: what is known of the router
 * @ehci: 1 or 2
 * @port: port of that EHCI's hub, from 1
 *
 * Returns: the bit, or PF_CHIPSET_NO_BIT for a port that cannot move
 */
int
pf_port_map_ehci_port_to_bit (const PfChipset *chipset, guint ehci, guint port)
{
  if (ehci < 1 || ehci > chipset->ehci_count || port < 1 || port > PF_CHIPSET_MAX_PORTS)
    return PF_CHIPSET_NO_BIT;
  return chipset->ehci_bits[ehci - 1][port - 1];
}

/**
 * pf_port_map_xhci_port_to_bit:
 * @chipset: what is known of the router
 * @port: Linux port number on the xHCI's USB2 root hub, from 1
 *
 * Returns: the bit, or PF_CHIPSET_NO_BIT
 */
int
pf_port_map_xhci_port_to_bit (const PfChipset *chipset, guint port)
{
  if (port < 1 || port > PF_CHIPSET_MAX_PORTS)
    return PF_CHIPSET_NO_BIT;
  return chipset->xhci_bits[port - 1];
}

/**
 * pf_port_map_bit_to_xhci_port:
 * @chipset: what is known of the router
 * @bit: in XUSB2PR
 *
 * Returns: Linux port number on the xHCI's USB2 root hub, from 1; 0 when unknown
 */
guint
pf_port_map_bit_to_xhci_port (const PfChipset *chipset, guint bit)
{
  for (guint port = 1; port <= PF_CHIPSET_MAX_PORTS; port++)
    if (chipset->xhci_bits[port - 1] == (int) bit)
      return port;
  return 0;
}

/**
 * pf_port_map_effective_mask:
 * @chipset: what is known of the router
 * @firmware_mask: XUSB2PRM (0xD4) as read
 * @ehci_present: whether EHCI #1 and EHCI #2 are there
 *
 * Nothing proves that the chip enforces its own mask, so software does: what the chipset has, as far as the firmware
 * allows it, but never the internal port (USBR), nor a port whose EHCI is absent and which would be dead there.
 *
 * Returns: the bits of XUSB2PR that may be changed
 */
guint32
pf_port_map_effective_mask (const PfChipset *chipset,
                            guint32 firmware_mask,
                            const gboolean ehci_present[PF_CHIPSET_MAX_EHCIS])
{
  guint32 mask = chipset->mask_max & firmware_mask & PF_PORT_MAP_BITS;

  if (chipset->usbr_bit >= 0)
    mask &= ~(1u << chipset->usbr_bit);
  if (!ehci_present[0])
    mask &= ~PF_PORT_MAP_EHCI1_BITS;
  if (!ehci_present[1])
    mask &= ~PF_PORT_MAP_EHCI2_BITS;
  return mask;
}

/**
 * pf_port_map_combine:
 * @current: the register as read
 * @wanted: what the bits in @mask should be
 * @mask: the bits that may change
 *
 * Returns: the value to write: @wanted within @mask, every other bit preserved
 */
guint32
pf_port_map_combine (guint32 current, guint32 wanted, guint32 mask)
{
  return (current & ~mask) | (wanted & mask);
}
