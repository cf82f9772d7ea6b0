/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes inputs out of a target's words, and changes inputs that are right: most of what goes wrong in a
 * parser is a line, a word or a number away from what it was made for. */
#include "pf-fuzz-mutate.h"

#include <string.h>

#define MAX_PIECES 64
#define MAX_SIZE 65536
#define MAX_CHANGES 6

/* Where numbers are taken for what they are not, beside those that the target's own words have. */
static const char *const limits[] = {
  "0",
  "-1",
  "1",
  "127",
  "128",
  "255",
  "256",
  "65535",
  "65536",
  "1048576",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551616",
  "0xffffffff",
  "1e9",
  "00",
};

static gsize
pick (GRand *random, gsize n)
{
  return n > 0 ? g_rand_int (random) % n : 0;
}

/* Replaces @length bytes at @at. */
static void
replace (GByteArray *input, gsize at, gsize length, const void *bytes, gsize new_length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, new_length);
  gsize rest = input->len - at - length;

  if (input->len - length + new_length > MAX_SIZE)
    return;
  if (new_length > length)
    g_byte_array_set_size (input, (guint) (input->len + new_length - length));
  if (rest > 0)
    memmove (input->data + at + new_length, input->data + at + length, rest);
  if (new_length > 0)
    memcpy (input->data + at, copy, new_length);
  if (new_length < length)
    g_byte_array_set_size (input, (guint) (input->len + new_length - length));
}

static void
append_noise (GRand *random, GByteArray *input)
{
  gsize length = 1 + pick (random, 1 + pick (random, 600));

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) g_rand_int (random);

      g_byte_array_append (input, &byte, 1);
    }
}

static const char *
pick_word (GRand *random, const char *const *words)
{
  return words[pick (random, g_strv_length ((char **) words))];
}

static void
flip_bit (GRand *random, GByteArray *input)
{
  if (input->len > 0)
    input->data[pick (random, input->len)] ^= (guint8) (1 << pick (random, 8));
}

/* The line that is around a byte, with its end. */
static void
find_line (GRand *random, const GByteArray *input, gsize *start, gsize *length)
{
  gsize end = pick (random, input->len);

  *start = end;
  while (*start > 0 && input->data[*start - 1] != '\n')
    (*start)--;
  while (end < input->len && input->data[end] != '\n')
    end++;
  *length = MIN (end + 1, input->len) - *start;
}

static void
duplicate_line (GRand *random, GByteArray *input)
{
  gsize start, length;

  find_line (random, input, &start, &length);
  replace (input, pick (random, 2) == 0 ? start : input->len, 0, input->data + start, length);
}

static void
delete_line (GRand *random, GByteArray *input)
{
  gsize start, length;

  find_line (random, input, &start, &length);
  replace (input, start, length, NULL, 0);
}

static void
delete_range (GRand *random, GByteArray *input)
{
  gsize start = pick (random, input->len);

  replace (input, start, pick (random, MIN (input->len - start, 64) + 1), NULL, 0);
}

static void
repeat_range (GRand *random, GByteArray *input)
{
  gsize start = pick (random, input->len);
  gsize length = pick (random, MIN (input->len - start, 64) + 1);

  for (gsize times = 1 + pick (random, 16); times > 0; times--)
    replace (input, start, 0, input->data + start, length);
}

static void
insert_word (GRand *random, const char *const *words, GByteArray *input)
{
  const char *word = pick_word (random, words);

  replace (input, pick (random, input->len + 1), 0, word, strlen (word));
}

static gboolean
is_of_word (guint8 byte)
{
  return g_ascii_isalnum ((char) byte) || byte == '-' || byte == '_' || byte >= 0x80;
}

/* The word that is around a byte, or nothing there. */
static void
find_word (GRand *random, const GByteArray *input, gsize *start, gsize *length)
{
  gsize end = pick (random, input->len);

  *start = end;
  while (*start > 0 && is_of_word (input->data[*start - 1]))
    (*start)--;
  while (end < input->len && is_of_word (input->data[end]))
    end++;
  *length = end - *start;
}

static void
replace_word (GRand *random, const char *const *words, GByteArray *input)
{
  const char *word = pick_word (random, words);
  gsize start, length;

  find_word (random, input, &start, &length);
  replace (input, start, length, word, strlen (word));
}

static void
replace_number (GRand *random, GByteArray *input)
{
  const char *limit = limits[pick (random, G_N_ELEMENTS (limits))];
  gsize at = pick (random, input->len);
  gsize end;

  while (at < input->len && !g_ascii_isdigit ((char) input->data[at]))
    at++;
  for (end = at; end < input->len && g_ascii_isxdigit ((char) input->data[end]);)
    end++;
  if (end > at)
    replace (input, at, end - at, limit, strlen (limit));
}

/* The start of one and the end of the other, or a piece of the other in the middle of one. */
static void
splice (GRand *random, const GByteArray *other, GByteArray *input)
{
  gsize from = pick (random, other->len);
  gsize length = pick (random, other->len - from + 1);
  gsize at = pick (random, input->len + 1);

  if (pick (random, 2) == 0)
    replace (input, at, input->len - at, other->data + from, other->len - from);
  else
    replace (input, at, 0, other->data + from, length);
}

static void
change (GRand *random, const char *const *words, const GByteArray *other, GByteArray *input)
{
  switch (pick (random, input->len > 0 ? 12 : 1))
    {
    case 0:
      insert_word (random, words, input);
      break;
    case 1:
      flip_bit (random, input);
      break;
    case 2:
      duplicate_line (random, input);
      break;
    case 3:
      delete_line (random, input);
      break;
    case 4:
      delete_range (random, input);
      break;
    case 5:
    case 6:
      replace_number (random, input);
      break;
    case 7:
      if (other != NULL && other->len > 0)
        splice (random, other, input);
      break;
    case 8:
      repeat_range (random, input);
      break;
    case 9:
    case 10:
      replace_word (random, words, input);
      break;
    default:
      input->data[pick (random, input->len)] = (guint8) g_rand_int (random);
    }
}

/**
 * pf_fuzz_mutate:
 * @random: what decides
 * @words: of the target; NULL at the end
 * @other: (nullable): another input, parts of which can get into this one
 * @input: what is changed, in a few places
 */
void
pf_fuzz_mutate (GRand *random, const char *const *words, const GByteArray *other, GByteArray *input)
{
  for (gsize i = 1 + pick (random, MAX_CHANGES); i > 0; i--)
    change (random, words, other, input);
}

/**
 * pf_fuzz_compose:
 * @random: what decides
 * @words: of the target; NULL at the end
 * @input: where words and noise are appended
 */
void
pf_fuzz_compose (GRand *random, const char *const *words, GByteArray *input)
{
  for (gsize i = pick (random, MAX_PIECES); i > 0; i--)
    if (pick (random, 16) == 0)
      append_noise (random, input);
    else
      {
        const char *word = pick_word (random, words);

        g_byte_array_append (input, (const guint8 *) word, (guint) strlen (word));
      }
  for (gsize i = pick (random, 4); i > 0; i--)
    flip_bit (random, input);
}
