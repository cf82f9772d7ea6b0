/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "pf-fake-mount.h"

#define XHCI "0000:00:14.0"
#define EHCI2 "0000:00:1a.0"
#define ROUTING 0xd0
#define MASK 0xd4
#define SUPER_SPEED 0xd8
#define ALL 0x3fff
#define USB "sys/bus/usb/devices/"

/* Ports of the xHCI's USB2 root hub in the order of bits 0 to 13, as the chipset's documentation has it. */
static const guint xhci_ports[] = { 1, 2, 3, 4, 9, 10, 13, 14, 5, 6, 7, 8, 11, 12 };

static const char z97[] = "[function 0000:00:14.0]\nid=8086:8cb1\nclass=0c0330\n%s\n"
                          "[function 0000:00:1a.0]\nid=8086:8cad\nclass=0c0320\n"
                          "[function 0000:00:1d.0]\nid=8086:8ca6\nclass=0c0320\n%s\n";

static PfFakeMount *
start_with (const char *keys, const char *more)
{
  g_autofree char *text = g_strdup_printf (z97, keys, more);

  return pf_fake_mount_start_text (text);
}

static PfFakeMount *
start (const char *name)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), name, NULL);

  return pf_fake_mount_start (board);
}

static guint32
get (PfFakeMount *mount, guint offset)
{
  return pf_fake_mount_read_register (mount, XHCI, offset);
}

static int
put (PfFakeMount *mount, guint offset, guint32 value)
{
  return pf_fake_mount_write_register (mount, XHCI, offset, value);
}

static void
assert_appears (PfFakeMount *mount, const char *device)
{
  g_autofree char *path = g_strconcat (USB, device, NULL);

  if (!pf_fake_mount_wait_for (mount, path, TRUE))
    g_error ("%s does not appear", device);
}

static void
assert_disappears (PfFakeMount *mount, const char *device)
{
  g_autofree char *path = g_strconcat (USB, device, NULL);

  if (!pf_fake_mount_wait_for (mount, path, FALSE))
    g_error ("%s does not disappear", device);
}

static void
test_mask (void)
{
  g_autoptr (PfFakeMount) mount = start_with ("", "");

  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
  g_assert_cmphex (get (mount, MASK), ==, ALL);
  g_assert_cmpint (put (mount, ROUTING, 0xffffffff), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
  g_assert_cmpint (put (mount, MASK, 0), ==, 0);
  g_assert_cmphex (get (mount, MASK), ==, ALL);
  g_assert_cmpint (put (mount, ROUTING, 0), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, 0);
}

static void
test_extra_bits (void)
{
  g_autoptr (PfFakeMount) mount = start_with ("mask=0x0ff\nrouting=0x7fff\nrouting-extra=0x4000", "");

  g_assert_cmpint (put (mount, ROUTING, 0), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, 0x3f00);
}

static void
test_stuck (void)
{
  g_autoptr (PfFakeMount) mount = start_with ("routing-stuck=true", "");

  g_assert_cmpint (put (mount, ROUTING, 0), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
}

static void
test_lockdown (void)
{
  g_autoptr (PfFakeMount) mount = start ("locked-down.board");

  g_assert_cmpint (put (mount, ROUTING, 0), ==, EPERM);
  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
}

static void
test_no_registers (void)
{
  g_autoptr (PfFakeMount) mount = start ("laptop.board");

  g_assert_cmpint (put (mount, ROUTING, 0x3fff), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, 0);
}

/* One device in one socket, for each of the 14 bits: on both sides it is at the port that belongs to the bit.
 */
static void
test_every_port (void)
{
  for (guint bit = 0; bit < G_N_ELEMENTS (xhci_ports); bit++)
    {
      guint ehci = bit < 8 ? 1 : 2, port = bit < 8 ? bit + 1 : bit - 7;
      g_autofree char *socket = g_strdup_printf ("[socket s]\nport=ehci%u/%u\n"
                                                 "[device d]\nsocket=s\nid=046d:c077\nkind=mouse\n",
                                                 ehci, port);
      g_autoptr (PfFakeMount) mount = start_with ("", socket);
      g_autofree char *on_xhci = g_strdup_printf ("3-%u", xhci_ports[bit]);
      g_autofree char *on_ehci = g_strdup_printf ("%u-1.%u", ehci == 1 ? 2u : 1u, port);

      assert_appears (mount, on_xhci);
      put (mount, ROUTING, ALL & ~(1u << bit));
      assert_appears (mount, on_ehci);
      assert_disappears (mount, on_xhci);
      put (mount, ROUTING, 1u << bit);
      assert_appears (mount, on_xhci);
      assert_disappears (mount, on_ehci);
    }
}

static void
test_fixed_ports (void)
{
  g_autoptr (PfFakeMount) mount = start ("z77.board");

  assert_appears (mount, "1-1.1"); /* the keyboard, on EHCI #2 for good */
  assert_appears (mount, "3-1");
  put (mount, ROUTING, 0);
  assert_appears (mount, "2-1.1");
  assert_disappears (mount, "3-1");
  assert_appears (mount, "1-1.1");
  g_assert_cmphex (get (mount, MASK), ==, 0xf);
}

static void
test_small_sku (void)
{
  g_autoptr (PfFakeMount) mount = start ("h81.board");
  g_autofree char *first = NULL, *second = NULL;

  put (mount, ROUTING, 0);
  assert_appears (mount, "1-1.1"); /* ehci2/1 is bit 8 though EHCI #1's hub has 6 ports */
  assert_appears (mount, "2-1.5");
  first = pf_fake_mount_read (mount, USB "2-1/maxchild");
  second = pf_fake_mount_read (mount, USB "1-1/maxchild");
  g_assert_cmpstr (first, ==, "6");
  g_assert_cmpstr (second, ==, "4");
}

static void
test_guest_side_is_dark (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  g_assert_cmpint (pf_fake_mount_tell (mount, "bind " EHCI2 " vfio-pci"), ==, 0);
  assert_disappears (mount, "1-1");
  put (mount, ROUTING, 0x00ff);
  assert_disappears (mount, "3-5");
  g_assert_false (pf_fake_mount_has (mount, USB "1-1.1"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "bind " EHCI2 " ehci-pci"), ==, 0);
  assert_appears (mount, "1-1.1");
}

/* The SuperSpeed pins of a socket do not move with its USB2 pins, and can be turned off. */
static void
test_super_speed (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  assert_appears (mount, "4-2");
  put (mount, ROUTING, 0);
  assert_disappears (mount, "3-1");
  assert_appears (mount, "4-2");
  put (mount, SUPER_SPEED, 0x3d);
  assert_disappears (mount, "4-2");
  assert_appears (mount, "2-1.2");
}

static void
test_resume (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  put (mount, ROUTING, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "runtime-resume " XHCI), ==, EBUSY);
  g_assert_cmphex (get (mount, ROUTING), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "suspend"), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
  put (mount, ROUTING, 0);
  pf_fake_mount_write (mount, "sys/bus/pci/devices/" XHCI "/power/control", "auto");
  g_assert_cmpint (pf_fake_mount_tell (mount, "runtime-resume " XHCI), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, ALL);
}

static void
test_resume_of_lent_xhci (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  put (mount, ROUTING, 0);
  pf_fake_mount_tell (mount, "bind " XHCI " vfio-pci");
  g_assert_cmpint (pf_fake_mount_tell (mount, "suspend"), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, 0);
}

static void
test_poke (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *log = NULL;

  g_assert_cmpint (pf_fake_mount_tell (mount, "poke " XHCI " d0 00ff"), ==, 0);
  g_assert_cmphex (get (mount, ROUTING), ==, 0xff);
  log = pf_fake_mount_read (mount, "control");
  g_assert_cmpstr (log, ==, "");
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/routing/mask", test_mask);
  g_test_add_func ("/routing/extra-bits", test_extra_bits);
  g_test_add_func ("/routing/stuck", test_stuck);
  g_test_add_func ("/routing/lockdown", test_lockdown);
  g_test_add_func ("/routing/no-registers", test_no_registers);
  g_test_add_func ("/routing/every-port", test_every_port);
  g_test_add_func ("/routing/fixed-ports", test_fixed_ports);
  g_test_add_func ("/routing/small-sku", test_small_sku);
  g_test_add_func ("/routing/guest-side-is-dark", test_guest_side_is_dark);
  g_test_add_func ("/routing/super-speed", test_super_speed);
  g_test_add_func ("/routing/resume", test_resume);
  g_test_add_func ("/routing/resume-of-lent-xhci", test_resume_of_lent_xhci);
  g_test_add_func ("/routing/poke", test_poke);
  return g_test_run ();
}
