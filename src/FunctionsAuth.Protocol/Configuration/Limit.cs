namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The range that a duration must be in.</summary>
internal sealed record Limit(string Setting, TimeSpan Value, TimeSpan Least, TimeSpan Most)
{
    public static IEnumerable<string> Check(IEnumerable<Limit> limits) =>
        from limit in limits
        where limit.Value < limit.Least || limit.Value > limit.Most
        select $"{limit.Setting} must be between {limit.Least:c} and {limit.Most:c}; it is {limit.Value:c}";
}
