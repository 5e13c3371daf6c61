namespace FunctionsAuth.LocalHost.Memory;

/// <summary>
/// A row's place in its table. In a bound of a range, null stands behind every key. It is a class, because the collections of a struct are compiled at each
/// start.
/// </summary>
internal sealed record EntityKey(string? Partition, string? Row) : IComparable<EntityKey>
{
    public static EntityKey First { get; } = new("", "");

    public static EntityKey BehindAll { get; } = new(null, null);

    public int CompareTo(EntityKey? other)
    {
        if (other is null)
            return 1;
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
