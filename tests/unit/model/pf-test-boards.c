/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The machines that the tests speak of. */

#include "pf-test-board.h"

#define XHCI 0x0c0330
#define EHCI 0x0c0320

/* A PCH with both EHCIs, each alone in its IOMMU group. */
static PfTestBoard *
new_pch (const guint32 ids[3], const guint hub_ports[2], guint usb2_ports, guint usb3_ports)
{
  PfTestBoard *board = pf_test_board_new (PF_CPU_VENDOR_INTEL);
  PfTestFunction *xhci;

  xhci = pf_test_board_add (board, "0000:00:14.0", ids[0], XHCI, "Intel USB xHCI Controller", "xhci_hcd", 2);
  xhci->usb2_ports = usb2_ports;
  xhci->usb3_ports = usb3_ports;
  pf_test_board_add (board, "0000:00:1a.0", ids[2], EHCI, "Intel USB EHCI Controller #2", "ehci-pci", 5)
      ->hub_ports
      = hub_ports[1];
  pf_test_board_add (board, "0000:00:1d.0", ids[1], EHCI, "Intel USB EHCI Controller #1", "ehci-pci", 9)
      ->hub_ports
      = hub_ports[0];
  board->router = "0000:00:14.0";
  board->other_keyboards = board->other_pointers = 1;
  g_ptr_array_add (board->others, g_strdup ("0000:00:1f.0"));
  return board;
}

static void
set_registers (PfTestBoard *board, guint32 value, guint32 mask, guint32 super_speed)
{
  board->registers[0] = value;
  board->registers[1] = mask;
  board->registers[2] = board->registers[3] = super_speed;
}

/**
 * pf_test_board_new_z97:
 *
 * Returns: (transfer full): the HOWTO's ASRock Z97E-ITX/ac: 14 ports, all on the xHCI, and a card of
 * ASMedia's
 */
PfTestBoard *
pf_test_board_new_z97 (void)
{
  PfTestBoard *board
      = new_pch ((const guint32[]){ 0x80868cb1, 0x80868ca6, 0x80868cad }, (const guint[]){ 8, 6 }, 15, 6);
  PfTestFunction *card;

  set_registers (board, 0x3fff, 0x3fff, 0x3f);
  card = pf_test_board_add (board, "0000:03:00.0", 0x1b211242, XHCI, "ASMedia ASM1142", "xhci_hcd", 13);
  card->usb2_ports = card->usb3_ports = 2;
  return board;
}

/**
 * pf_test_board_new_x99:
 *
 * Returns: (transfer full): an X99 board; its firmware lets the internal port move as well, and reserved bits
 * are set
 */
PfTestBoard *
pf_test_board_new_x99 (void)
{
  PfTestBoard *board
      = new_pch ((const guint32[]){ 0x80868d31, 0x80868d26, 0x80868d2d }, (const guint[]){ 8, 6 }, 15, 6);

  set_registers (board, 0xa5007fff, 0x7fff, 0x3f);
  return board;
}

/**
 * pf_test_board_new_h81:
 *
 * Returns: (transfer full): a small SKU of 10 ports, whose firmware sets bits of ports that are not there
 */
PfTestBoard *
pf_test_board_new_h81 (void)
{
  PfTestBoard *board
      = new_pch ((const guint32[]){ 0x80868c31, 0x80868c26, 0x80868c2d }, (const guint[]){ 6, 4 }, 11, 2);

  set_registers (board, 0x0fff, 0x0fff, 0x03);
  return board;
}

/**
 * pf_test_board_new_seven:
 *
 * Returns: (transfer full): a 7 series board: four ports of EHCI #1 can move, no others
 */
PfTestBoard *
pf_test_board_new_seven (void)
{
  PfTestBoard *board
      = new_pch ((const guint32[]){ 0x80861e31, 0x80861e26, 0x80861e2d }, (const guint[]){ 8, 6 }, 4, 4);

  set_registers (board, 0x000f, 0x000f, 0x0f);
  return board;
}

/**
 * pf_test_board_new_amd:
 *
 * Returns: (transfer full): a board whose xHCI shares its group with bridges, audio, a crypto processor and a
 * function without driver; another xHCI is alone
 */
PfTestBoard *
pf_test_board_new_amd (void)
{
  PfTestBoard *board = pf_test_board_new (PF_CPU_VENDOR_AMD);
  PfTestFunction *xhci;

  xhci = pf_test_board_add (board, "0000:02:00.0", 0x102243d0, XHCI, "AMD 400 Series USB 3.1 xHCI",
                            "xhci_hcd", 11);
  xhci->usb2_ports = 10;
  xhci->usb3_ports = 4;
  pf_test_board_add (board, "0000:00:07.0", 0x10221452, 0x060000, "AMD Host Bridge", NULL, 16);
  pf_test_board_add (board, "0000:00:07.1", 0x10221454, 0x060400, "AMD PCI Bridge", "pcieport", 16)
      ->header_type
      = 1;
  pf_test_board_add (board, "0000:21:00.0", 0x1022145a, 0x130000, "AMD Non-Essential Instrumentation", NULL,
                     16);
  pf_test_board_add (board, "0000:21:00.2", 0x10221456, 0x108000, "AMD Crypto Coprocessor", "ccp", 16);
  xhci = pf_test_board_add (board, "0000:21:00.3", 0x1022145c, XHCI, "AMD Zeppelin USB 3.0", "xhci_hcd", 16);
  xhci->usb2_ports = xhci->usb3_ports = 4;
  pf_test_board_add (board, "0000:21:00.4", 0x10221499, XHCI, "AMD Matisse USB 3.0", "xhci_hcd", 16)
      ->usb2_ports
      = 4;
  pf_test_board_add (board, "0000:21:00.6", 0x10221457, 0x040300, "AMD HD Audio", "snd_hda_intel", 16);
  board->other_keyboards = board->other_pointers = 1;
  return board;
}

/**
 * pf_test_board_new_laptop:
 *
 * Returns: (transfer full): a laptop whose firmware has switched the EHCI off
 */
PfTestBoard *
pf_test_board_new_laptop (void)
{
  PfTestBoard *board = pf_test_board_new (PF_CPU_VENDOR_INTEL);
  PfTestFunction *xhci;

  xhci
      = pf_test_board_add (board, "0000:00:14.0", 0x80869c31, XHCI, "Intel 8 Series USB xHCI", "xhci_hcd", 4);
  xhci->usb2_ports = 9;
  xhci->usb3_ports = 4;
  set_registers (board, 0x1ff, 0x0ff, 0x0f);
  board->other_keyboards = board->other_pointers = 1;
  return board;
}
