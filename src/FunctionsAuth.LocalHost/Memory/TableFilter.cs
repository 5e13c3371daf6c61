using System.Globalization;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>One comparison of a filter.</summary>
internal sealed record FilterCondition(string Property, string Operator, object Value)
{
    public bool IsMetBy(object? actual) => actual?.GetType() == Value.GetType() && Operator switch
    {
        "eq" => Compare(actual) == 0,
        "ne" => Compare(actual) != 0,
        "gt" => Compare(actual) > 0,
        "ge" => Compare(actual) >= 0,
        "lt" => Compare(actual) < 0,
        _ => Compare(actual) <= 0,
    };

    // Text is compared ordinally, as the service orders keys.
    private int Compare(object actual) =>
        actual is string text ? string.CompareOrdinal(text, (string)Value) : ((IComparable)actual).CompareTo(Value);
}

/// <summary>
/// The part of OData's filters that tables in memory know: comparisons of a property with a literal, joined by `and`.
/// </summary>
internal sealed class TableFilter
{
    private static readonly string[] operators = ["eq", "ne", "gt", "ge", "lt", "le"];

    private readonly IReadOnlyList<FilterCondition> conditions;

    private TableFilter(IReadOnlyList<FilterCondition> conditions) => this.conditions = conditions;

    public bool Matches(Func<string, object?> valueOf) => conditions.All(c => c.IsMetBy(valueOf(c.Property)));

    /// <summary>
    /// The rows that can match stand between these two keys, both included. Bounds on the row key count only where the partition is fixed.
    /// </summary>
    public (EntityKey From, EntityKey To) Range()
    {
        var (from, to) = (EntityKey.First, EntityKey.BehindAll);
        foreach (var condition in conditions.Where(c => c.Property == "PartitionKey"))
        {
            // A partition begins at its empty row key and ends behind all of its rows.
            var (begin, end) = (new EntityKey((string)condition.Value, ""), new EntityKey((string)condition.Value, null));
            from = Later(from, condition.Operator switch { "eq" or "ge" => begin, "gt" => end, _ => from });
            to = Earlier(to, condition.Operator switch { "eq" or "le" => end, "lt" => begin, _ => to });
        }
        if (from.Partition is not { } partition || to != new EntityKey(partition, null)) return (from, to);
        foreach (var condition in conditions.Where(c => c.Property == "RowKey"))
        {
            var key = new EntityKey(partition, (string)condition.Value);
            if (condition.Operator is "eq" or "ge" or "gt") from = Later(from, key);
            if (condition.Operator is "eq" or "le" or "lt") to = Earlier(to, key);
        }
        return (from, to);
    }

    public static TableFilter Parse(string? filter)
    {
        var words = Words(filter ?? "");
        // A comparison has three words, and `and` stands between two comparisons.
        if (words.Count > 0 && words.Count % 4 != 3) throw Unknown(filter!);
        var conditions = new List<FilterCondition>();
        for (var i = 0; i < words.Count; i += 4)
        {
            if (!operators.Contains(words[i + 1]) || (i + 3 < words.Count && words[i + 3] != "and")) throw Unknown(filter!);
            conditions.Add(new(words[i], words[i + 1], Literal(words[i + 2]) ?? throw Unknown(filter!)));
        }
        return new(conditions);
    }

    /// <summary>The names, operators and literals. Parentheses around comparisons joined by `and` change nothing.</summary>
    private static List<string> Words(string filter)
    {
        var words = new List<string>();
        var isQuoted = false;
        var begin = 0;
        for (var i = 0; i <= filter.Length; i++)
        {
            if (i < filter.Length && (isQuoted || filter[i] is not (' ' or '(' or ')')))
            {
                // A doubled quote ends the text and begins it again.
                isQuoted ^= filter[i] == '\'';
                continue;
            }
            if (i > begin) words.Add(filter[begin..i]);
            begin = i + 1;
        }
        return words;
    }

    private static EntityKey Later(EntityKey left, EntityKey right) => left.CompareTo(right) >= 0 ? left : right;

    private static EntityKey Earlier(EntityKey left, EntityKey right) => left.CompareTo(right) <= 0 ? left : right;

    /// <returns>Null for what is no literal.</returns>
    private static object? Literal(string text) => text switch
    {
        ['\'', .., '\''] => text[1..^1].Replace("''", "'", StringComparison.Ordinal),
        "true" => true,
        "false" => false,
        ['d', .., '\''] => DateTimeOffset.Parse(text["datetime'".Length..^1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        ['g', .., '\''] => Guid.Parse(text["guid'".Length..^1]),
        [.., 'L'] => long.TryParse(text[..^1], CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static NotSupportedException Unknown(string filter) => new(
        $"Tables in memory know filters of comparisons joined by `and` only, not: {filter}");
}
