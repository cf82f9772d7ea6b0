/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether people type on what says that it is a keyboard.
 *
 * A device with letter keys may be a security key that types a one-time password, a scanner, the keyboard of
 * a remote console, or a mouse whose side buttons can be set to keys. Numbers and descriptors say more than
 * names do, and so come first. */

#include <string.h>

#include "pf-input.h"

/* The hub of ATEN's management controllers, below which their keyboard and mouse are. */
#define CONSOLE_HUB_VENDOR 0x0557
#define CONSOLE_HUB_PRODUCT 0x7000

/* Words of four letters and less have to stand alone. */
#define SHORT_WORD 4

static const char *const keyboard_words[] = { "keyboard",     "keybrd", "tastatur", "clavier",    "kbd",
                                              "keypad mouse", "combo",  "mx keys",  "keys-to-go", NULL };
static const char *const scanner_words[]
    = { "barcode",         "bar code",   "scanner",   "rfid",      "magstripe", "mag stripe", "fuzzyscan",
        "magnetic stripe", "card swipe", "sycreader", "ic reader", "id reader", NULL };
/* Of these there are keyboards and security keys, too. */
static const char *const reader_words[] = { "nfc", "card reader", "cardreader", "imager", NULL };
static const char *const key_words[]
    = { "security key", "yubikey", "fido", "u2f", "onlykey", "nitrokey", "solokey", "otp", NULL };
static const char *const remote_words[] = { "virtual keyboard",
                                            "virtual hid",
                                            "ilo",
                                            "idrac",
                                            "bmc",
                                            "ipmi",
                                            "ikvm",
                                            "ip-kvm",
                                            "ip kvm",
                                            "kvm over ip",
                                            "pikvm",
                                            "jetkvm",
                                            "nanokvm",
                                            "tinypilot",
                                            "composite kvm device",
                                            "openbmc",
                                            "megarac",
                                            NULL };
static const char *const mouse_words[] = { "mouse", "mice", "maus", "souris", "trackball", NULL };
static const char *const few_keys_words[] = { "presenter", "foot switch", "footswitch", "pedal", "macropad",
                                              "macro pad", "stream deck", "clicker",    NULL };

static gboolean
stands_alone (const char *text, const char *at, gsize length)
{
  return (at == text || !g_ascii_isalnum (at[-1])) && !g_ascii_isalnum (at[length]);
}

static gboolean
mentions (const char *name, const char *const *words)
{
  g_autofree char *text = g_ascii_strdown (name != NULL ? name : "", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize length = strlen (words[i]);

      for (const char *at = strstr (text, words[i]); at != NULL; at = strstr (at + 1, words[i]))
        if (length > SHORT_WORD || stands_alone (text, at, length))
          return TRUE;
    }
  return FALSE;
}

/* Logitech's keyboards with touch pads and many others: "K400 Plus". */
static gboolean
has_model_of_keyboard (const char *name)
{
  for (const char *at = strchr (name, 'K'); at != NULL; at = strchr (at + 1, 'K'))
    if ((at == name || !g_ascii_isalnum (at[-1])) && g_ascii_isdigit (at[1]) && g_ascii_isdigit (at[2]))
      return TRUE;
  return FALSE;
}

/**
 * pf_input_name_says_keyboard:
 * @name: what a device calls itself
 *
 * Returns: whether that is the name of a keyboard
 */
gboolean
pf_input_name_says_keyboard (const char *name)
{
  return mentions (name, keyboard_words) || has_model_of_keyboard (name);
}

static gboolean
says_keyboard (const PfInputFacts *facts)
{
  return facts->name != NULL && pf_input_name_says_keyboard (facts->name);
}

static gboolean
is_below_console_hub (const PfInputFacts *facts)
{
  return facts->hub_vendor == CONSOLE_HUB_VENDOR && facts->hub_product == CONSOLE_HUB_PRODUCT;
}

/* Says what it certainly is: by what it shows, or by its numbers. The kernel knows better what is paired with
 * a receiver. */
static PfInputSort
identify (const PfInputFacts *facts)
{
  PfInputSort known = pf_input_ids_find (facts->vendor, facts->product);

  if (is_below_console_hub (facts))
    return PF_INPUT_SORT_REMOTE;
  if (facts->fido && !says_keyboard (facts))
    return PF_INPUT_SORT_SECURITY_KEY;
  if (facts->point_of_sale)
    return PF_INPUT_SORT_SCANNER;
  return known == PF_INPUT_SORT_RECEIVER && facts->paired ? PF_INPUT_SORT_ORDINARY : known;
}

/* Cherry, Dell, HP, Lenovo, Chicony, Lite-On: offices have their keyboards with a smart card reader in them. */
static gboolean
makes_keyboards (guint16 vendor)
{
  return vendor == 0x046a || vendor == 0x413c || vendor == 0x03f0 || vendor == 0x17ef || vendor == 0x04f2
         || vendor == 0x04ca;
}

/* Goes by its name. "Virtual keyboard" comes before "keyboard", which comes before all others. */
static PfInputSort
identify_by_name (const PfInputFacts *facts)
{
  if (mentions (facts->name, remote_words))
    return PF_INPUT_SORT_REMOTE;
  if (mentions (facts->name, scanner_words))
    return PF_INPUT_SORT_SCANNER;
  if (says_keyboard (facts))
    return PF_INPUT_SORT_ORDINARY;
  if (mentions (facts->name, key_words))
    return PF_INPUT_SORT_SECURITY_KEY;
  if (mentions (facts->name, reader_words))
    return PF_INPUT_SORT_SCANNER;
  if (mentions (facts->name, few_keys_words))
    return PF_INPUT_SORT_PRESENTER;
  if (facts->pointer_first || facts->pointer_with_keys || mentions (facts->name, mouse_words))
    return PF_INPUT_SORT_MOUSE;
  return facts->smart_card && !makes_keyboards (facts->vendor) ? PF_INPUT_SORT_CARD_READER
                                                               : PF_INPUT_SORT_ORDINARY;
}

static PfInputRank
rank_keyboard (PfInputSort sort)
{
  if (sort == PF_INPUT_SORT_ORDINARY)
    return PF_INPUT_LIKELY;
  if (sort == PF_INPUT_SORT_SECURITY_KEY || sort == PF_INPUT_SORT_SCANNER || sort == PF_INPUT_SORT_REMOTE
      || sort == PF_INPUT_SORT_ELSEWHERE)
    return PF_INPUT_NONE;
  return PF_INPUT_DOUBTFUL;
}

/* A mouse whose keys are doubtful points all the same. */
static PfInputRank
rank_pointer (PfInputSort sort)
{
  return rank_keyboard (sort) == PF_INPUT_NONE ? PF_INPUT_NONE : PF_INPUT_LIKELY;
}

/**
 * pf_input_judge:
 * @facts: what could be read of a USB device
 * @is_keyboard: (out): whether people type on it
 * @is_pointer: (out): whether people point with it
 *
 * A smart card reader in a keyboard is usual in offices, so only one that does not call itself a keyboard is
 * in doubt.
 *
 * Returns: what it is, where it is not simply a keyboard or a mouse
 */
PfInputSort
pf_input_judge (const PfInputFacts *facts, PfInputRank *is_keyboard, PfInputRank *is_pointer)
{
  PfInputSort sort = PF_INPUT_SORT_ORDINARY;

  if (!facts->keyboard && !facts->pointer && facts->elsewhere)
    sort = PF_INPUT_SORT_ELSEWHERE;
  else if (facts->unpaired)
    sort = PF_INPUT_SORT_RECEIVER;
  else if (facts->keyboard || facts->pointer)
    sort = identify (facts);
  if (sort == PF_INPUT_SORT_ORDINARY && facts->keyboard)
    sort = identify_by_name (facts);
  *is_keyboard = facts->keyboard && !facts->unpaired ? rank_keyboard (sort) : PF_INPUT_NONE;
  *is_pointer = facts->pointer && !facts->unpaired ? rank_pointer (sort) : PF_INPUT_NONE;
  return sort;
}
