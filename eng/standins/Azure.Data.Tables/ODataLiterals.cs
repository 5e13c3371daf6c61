using System.Globalization;
using System.Xml;

namespace Azure.Data.Tables;

/// <summary>Values as they stand in a filter.</summary>
internal static class ODataLiterals
{
    public static string Fill(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(Of)]);
    }

    /// <summary>A quote inside a quoted string is doubled.</summary>
    public static string Escape(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static object Of(object? value) => value switch
    {
        string text => $"'{Escape(text)}'",
        char letter => $"'{Escape(letter.ToString())}'",
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => XmlConvert.ToString(number),
        Guid id => $"guid'{id}'",
        DateTimeOffset moment => $"datetime'{EntityJson.Write(moment)}'",
        DateTime moment => $"datetime'{EntityJson.Write(moment)}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
        _ => throw new ArgumentException($"A filter can't hold a value of type {value?.GetType().ToString() ?? "null"}.", nameof(value)),
    };
}
