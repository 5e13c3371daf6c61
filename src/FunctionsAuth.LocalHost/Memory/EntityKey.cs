namespace FunctionsAuth.LocalHost.Memory;

/// <summary>A row's place in its table. In a bound of a range, null stands behind every key.</summary>
internal readonly record struct EntityKey(string? Partition, string? Row) : IComparable<EntityKey>
{
    public static EntityKey First { get; } = new("", "");

    public static EntityKey BehindAll { get; } = new(null, null);

    public int CompareTo(EntityKey other)
    {
        var partitions = Compare(Partition, other.Partition);
        return partitions != 0 ? partitions : Compare(Row, other.Row);
    }

    private static int Compare(string? left, string? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => string.CompareOrdinal(left, right),
    };
}
