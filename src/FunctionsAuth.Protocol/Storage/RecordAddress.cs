using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// The address of a record that expires: 16 random bytes and the hour in which the record ends. Both are part of the key. So a handle that contains its
/// address needs no index, and all records that end in the same hour can be pruned together. The address contains nothing about the user, and is not a
/// secret.
/// </summary>
public sealed record RecordAddress
{
    private const int IdLength = 16;
    private const int HourLength = 3;

    /// <summary>The number of partitions over which the records of an hour are spread.</summary>
    public const int ShardCount = 16;

    /// <summary>Bytes of an address inside a handle.</summary>
    public const int Length = HourLength + IdLength;

    private readonly byte[] bytes;

    private RecordAddress(byte[] bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The shard, one hex digit, spreads writes over 16 partitions; the hour follows it, so a range of keys is a range of time.</summary>
    public string PartitionKey => PartitionKeyOf(bytes[HourLength] >> 4, Hour);

    public string RowKey => Base64Url.EncodeToString(bytes.AsSpan(HourLength));

    /// <summary>The hour in which the record ends.</summary>
    public DateTimeOffset EndsIn => DateTimeOffset.UnixEpoch.AddHours(Hour);

    private int Hour => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];

    /// <summary>A new address for a record that may be pruned once the hour of <paramref name="expiresAt"/> is over.</summary>
    public static RecordAddress New(DateTimeOffset expiresAt)
    {
        var bytes = new byte[Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(HourLength));
        Span<byte> hour = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(hour, HourOf(expiresAt));
        hour[1..].CopyTo(bytes);
        return new RecordAddress(bytes);
    }

    /// <summary>The address of a record that is found by a hash. The first 16 bytes of the hash replace the random bytes.</summary>
    public static RecordAddress Of(ReadOnlySpan<byte> hash, DateTimeOffset expiresAt)
    {
        var address = New(expiresAt);
        hash[..IdLength].CopyTo(address.bytes.AsSpan(HourLength));
        return address;
    }

    public static RecordAddress FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length ? new RecordAddress(bytes.ToArray()) : throw new ArgumentException("An address has 19 bytes.", nameof(bytes));

    /// <summary>Reads only the text of <see cref="ToString"/>: an address has exactly one spelling.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RecordAddress? address)
    {
        address = StrictBase64Url.TryDecode(text, Length, out var bytes) ? new RecordAddress(bytes) : null;
        return address is not null;
    }

    /// <summary>The first key of the partition that ends at or after <paramref name="moment"/> in a shard from 0 to 15.</summary>
    public static string PartitionKeyOf(int shard, DateTimeOffset moment) => PartitionKeyOf(shard, HourOf(moment));

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(bytes);

    public bool Equals(RecordAddress? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(HourLength));

    private static string PartitionKeyOf(int shard, int hour) => string.Create(null, $"{shard:x1}{hour:x6}");

    private static int HourOf(DateTimeOffset moment) => (int)(moment.ToUnixTimeSeconds() / 3600);
}
