/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-message-head.h"

#include <string.h>

/* D-Bus specification, “Message Format” and “Header Fields”. */
#define TYPE_CALL 1
#define FIELD_SENDER 7
#define ALIGNMENT 8

typedef struct
{
  const guint8 *bytes;
  gsize length;
  gsize at;
  gboolean is_big_endian;
} Reader;

static guint32
get_number (const guint8 *bytes, gboolean is_big_endian)
{
  guint32 number;

  memcpy (&number, bytes, sizeof number);
  return is_big_endian ? GUINT32_FROM_BE (number) : GUINT32_FROM_LE (number);
}

/**
 * pf_message_head_parse:
 * @bytes: the first bytes of a message
 * @head: (out): what they say
 *
 * Returns: whether that is a message
 */
gboolean
pf_message_head_parse (const guint8 bytes[PF_MESSAGE_HEAD_SIZE], PfMessageHead *head)
{
  gboolean is_big_endian = bytes[0] == 'B';
  guint64 fields;

  if (bytes[0] != 'l' && !is_big_endian)
    return FALSE;
  fields = get_number (bytes + 12, is_big_endian);
  head->is_call = bytes[1] == TYPE_CALL;
  head->body = get_number (bytes + 4, is_big_endian);
  head->serial = get_number (bytes + 8, is_big_endian);
  head->fields = (fields + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return TRUE;
}

static gboolean
align (Reader *reader, gsize to)
{
  reader->at = (reader->at + to - 1) / to * to;
  return reader->at < reader->length;
}

/* Goes past @count bytes, and says where they are. */
static const guint8 *
take (Reader *reader, gsize count)
{
  const guint8 *here = reader->bytes + reader->at;

  if (count > reader->length - reader->at)
    return NULL;
  reader->at += count;
  return here;
}

static gboolean
take_number (Reader *reader, guint32 *number)
{
  const guint8 *bytes = align (reader, 4) ? take (reader, 4) : NULL;

  if (bytes == NULL)
    return FALSE;
  *number = get_number (bytes, reader->is_big_endian);
  return TRUE;
}

/* Goes past the value of one field, which is of a type that header fields have. @text is where it has text.
 */
static gboolean
take_value (Reader *reader, char type, const char **text)
{
  guint32 length = 0;
  const guint8 *short_length;

  *text = NULL;
  if (type == 'u')
    return take_number (reader, &length);
  if (type == 'g')
    {
      short_length = take (reader, 1);
      return short_length != NULL && take (reader, (gsize) *short_length + 1) != NULL;
    }
  if ((type != 's' && type != 'o') || !take_number (reader, &length))
    return FALSE;
  *text = (const char *) take (reader, (gsize) length + 1);
  return *text != NULL && (*text)[length] == '\0';
}

/**
 * pf_message_head_find_sender:
 * @message: a message, or as much of it as there is
 * @length: how much that is, in bytes
 *
 * Returns: (transfer full) (nullable): who sent it, as the bus says
 */
char *
pf_message_head_find_sender (const guint8 *message, gsize length)
{
  Reader reader = {
    .bytes = message, .length = length, .at = PF_MESSAGE_HEAD_SIZE, .is_big_endian = message[0] == 'B'
  };
  const guint8 *start;
  const char *text;

  /* Each is a struct: the field, the signature of one type, and the value. */
  while (align (&reader, ALIGNMENT) && (start = take (&reader, 4)) != NULL && start[1] == 1)
    {
      if (!take_value (&reader, (char) start[2], &text))
        return NULL;
      if (start[0] == FIELD_SENDER)
        return g_strdup (text);
    }
  return NULL;
}
