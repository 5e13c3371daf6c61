using System.Text;

namespace FunctionsAuth.Server.Tests.Passkeys;

/// <summary>As much of CBOR (RFC 8949) as an authenticator writes.</summary>
internal static class Cbor
{
    public static byte[] Integer(long value) => value >= 0 ? Head(0, value) : Head(1, -1 - value);

    public static byte[] Bytes(byte[] value) => [.. Head(2, value.Length), .. value];

    public static byte[] Text(string value) => [.. Head(3, Encoding.UTF8.GetByteCount(value)), .. Encoding.UTF8.GetBytes(value)];

    public static byte[] Map(params (byte[] Key, byte[] Value)[] entries) => [.. Head(5, entries.Length), .. entries.SelectMany(entry => (byte[])[.. entry.Key, .. entry.Value])];

    private static byte[] Head(int major, long value)
    {
        var first = (byte)(major << 5);
        return value switch
        {
            < 24 => [(byte)(first | (int)value)],
            <= byte.MaxValue => [(byte)(first | 24), (byte)value],
            _ => [(byte)(first | 25), (byte)(value >> 8), (byte)value],
        };
    }
}
