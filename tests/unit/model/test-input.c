/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether people type on what says that it is a keyboard. */

#include "pf-input.h"

#define KEYBOARD .keyboard = TRUE
#define BOTH .keyboard = TRUE, .pointer = TRUE

typedef struct
{
  PfInputFacts facts;
  PfInputRank is_keyboard;
  PfInputRank is_pointer;
  PfInputSort sort;
} Case;

static const Case cases[] = {
  /* Keyboards. */
  { { 0x046d, 0xc31c, .name = "Logitech USB Keyboard", KEYBOARD },
    PF_INPUT_LIKELY,
    0,
    PF_INPUT_SORT_ORDINARY },
  { { 0x3434, 0x0110, .name = NULL, KEYBOARD }, PF_INPUT_LIKELY, 0, PF_INPUT_SORT_ORDINARY },
  { { 0x046a, 0x0010, .name = "Cherry Smart Terminal Keyboard", KEYBOARD, .smart_card = TRUE },
    PF_INPUT_LIKELY,
    0,
    0 },
  { { 0x413c, 0x2101, .name = "Dell Smart Card Reader Keyboard", KEYBOARD, .smart_card = TRUE },
    PF_INPUT_LIKELY,
    0,
    0 },
  { { 0x046d, 0xc52b, .name = "Logitech USB Receiver", BOTH }, PF_INPUT_LIKELY, PF_INPUT_LIKELY, 0 },
  { { 0x046d, 0xc53f, .name = "Logitech USB Receiver", BOTH, .paired = TRUE },
    PF_INPUT_LIKELY,
    PF_INPUT_LIKELY,
    0 },
  { { 0x17ef, 0x6047, .name = "ThinkPad Compact USB Keyboard with TrackPoint", BOTH,
      .pointer_with_keys = TRUE },
    PF_INPUT_LIKELY,
    PF_INPUT_LIKELY,
    0 },
  { { 0x046d, 0x404d, .name = "K400 Plus", BOTH, .pointer_with_keys = TRUE },
    PF_INPUT_LIKELY,
    PF_INPUT_LIKELY,
    0 },
  { { 0x1234, 0x0001, .name = "Silo Hotpad", KEYBOARD }, PF_INPUT_LIKELY, 0, PF_INPUT_SORT_ORDINARY },
  /* Security keys. */
  { { 0x1050, 0x0407, .name = "Yubico YubiKey OTP+FIDO+CCID", KEYBOARD, .fido = TRUE, .smart_card = TRUE },
    0,
    0,
    PF_INPUT_SORT_SECURITY_KEY },
  { { 0x1050, 0x0010, .name = NULL, KEYBOARD }, 0, 0, PF_INPUT_SORT_SECURITY_KEY },
  { { 0x1234, 0x0002, .name = "Model 5", KEYBOARD, .fido = TRUE }, 0, 0, PF_INPUT_SORT_SECURITY_KEY },
  { { 0x1234, 0x0003, .name = "ACME Security Key", KEYBOARD }, 0, 0, PF_INPUT_SORT_SECURITY_KEY },
  { { 0x18d1, 0x5026, KEYBOARD }, PF_INPUT_NONE, 0, PF_INPUT_SORT_SECURITY_KEY },
  { { 0x1234, 0x000b, .name = "Token 3C NFC", KEYBOARD, .fido = TRUE }, PF_INPUT_NONE, 0, PF_INPUT_SORT_SECURITY_KEY },
  { { 0x1234, 0x000c, .name = "HID Card Reader", KEYBOARD }, PF_INPUT_NONE, 0, PF_INPUT_SORT_SCANNER },
  { { 0x14dd, 0x1007, KEYBOARD }, PF_INPUT_NONE, 0, PF_INPUT_SORT_REMOTE },
  { { 0x256c, 0x006d, .name = "Tablet", KEYBOARD }, PF_INPUT_DOUBTFUL, 0, PF_INPUT_SORT_TABLET },
  { { 0x046a, 0x0011, .name = "SmartBoard", KEYBOARD, .smart_card = TRUE }, PF_INPUT_LIKELY, 0, PF_INPUT_SORT_ORDINARY },
  { { 0x1234, 0x0004, .name = "Token", KEYBOARD, .smart_card = TRUE },
    PF_INPUT_DOUBTFUL,
    0,
    PF_INPUT_SORT_CARD_READER },
  /* Scanners. */
  { { 0x05e0, 0x1200, .name = "Symbol Technologies Bar Code", KEYBOARD }, 0, 0, PF_INPUT_SORT_SCANNER },
  { { 0xffff, 0x0035, .name = "HIDKeys", KEYBOARD }, 0, 0, PF_INPUT_SORT_SCANNER },
  { { 0x1234, 0x0005, .name = "USB Barcode Scanner Keyboard", KEYBOARD }, 0, 0, PF_INPUT_SORT_SCANNER },
  { { 0x1234, 0x0006, .name = "Model 6", KEYBOARD, .point_of_sale = TRUE }, 0, 0, PF_INPUT_SORT_SCANNER },
  /* Remote consoles: neither keyboard nor pointer. */
  { { 0x0557, 0x2419, .name = NULL, BOTH }, 0, 0, PF_INPUT_SORT_REMOTE },
  { { 0x1234, 0x0007, 0x0557, 0x7000, .name = "Keyboard", BOTH }, 0, 0, PF_INPUT_SORT_REMOTE },
  { { 0x046b, 0xff10, .name = "American Megatrends Inc. Virtual Keyboard and Mouse", BOTH },
    0,
    0,
    PF_INPUT_SORT_REMOTE },
  { { 0x03f0, 0x7029, .name = "HP Virtual Keyboard", BOTH }, 0, 0, PF_INPUT_SORT_REMOTE },
  { { 0x1d6b, 0x0104, .name = "PiKVM Composite KVM Device", BOTH }, 0, 0, PF_INPUT_SORT_REMOTE },
  { { 0x1234, 0x0008, .name = "iLO Keyboard", BOTH }, 0, 0, PF_INPUT_SORT_REMOTE },
  /* Mice with keys point all the same. */
  { { 0x30fa, 0x1701, .name = "USB Device", BOTH, .pointer_first = TRUE },
    PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_MOUSE },
  { { 0x046d, 0xc098, .name = "Logitech G502 X", BOTH, .pointer_first = TRUE },
    PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_MOUSE },
  { { 0x1234, 0x0009, .name = "2.4G Mouse", BOTH }, PF_INPUT_DOUBTFUL, PF_INPUT_LIKELY, PF_INPUT_SORT_MOUSE },
  { { 0x046d, 0x405e, .name = "M720 Triathlon", BOTH, .pointer_with_keys = TRUE },
    PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_MOUSE },
  { { 0x046d, 0xc52f, .name = "Logitech USB Receiver", BOTH },
    PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_RECEIVER },
  { { 0x046d, 0xc52b, .name = "Logitech USB Receiver", BOTH, .unpaired = TRUE },
    0,
    0,
    PF_INPUT_SORT_RECEIVER },
  { { 0x046d, 0xc077, .name = "USB Optical Mouse", .pointer = TRUE },
    0,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_ORDINARY },
  /* Others. */
  { { 0x28de, 0x1205, .name = "Steam Deck Controller", BOTH },
    PF_INPUT_DOUBTFUL,
    PF_INPUT_LIKELY,
    PF_INPUT_SORT_GAME_PAD },
  { { 0x1234, 0x000a, .name = "USB Foot Switch", KEYBOARD }, PF_INPUT_DOUBTFUL, 0, PF_INPUT_SORT_PRESENTER },
  { { 0x046d, 0xc31c, .name = "USB Keyboard", .elsewhere = TRUE }, 0, 0, PF_INPUT_SORT_ELSEWHERE },
  { { 0x1050, 0x0402, .name = "YubiKey FIDO", .fido = TRUE }, 0, 0, PF_INPUT_SORT_ORDINARY },
};

static void
test_judge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *item = &cases[i];
      PfInputRank is_keyboard, is_pointer;
      PfInputSort sort = pf_input_judge (&item->facts, &is_keyboard, &is_pointer);

      g_test_message ("case %u: %s", i, item->facts.name);
      g_assert_cmpint (is_keyboard, ==, item->is_keyboard);
      g_assert_cmpint (is_pointer, ==, item->is_pointer);
      g_assert_cmpint (sort, ==, item->sort);
    }
}

static void
test_words (void)
{
  for (guint sort = PF_INPUT_SORT_ORDINARY; sort <= PF_INPUT_SORT_ELSEWHERE; sort++)
    g_assert_nonnull (pf_input_sort_to_words ((PfInputSort) sort));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/input/judge", test_judge);
  g_test_add_func ("/model/input/words", test_words);
  return g_test_run ();
}
