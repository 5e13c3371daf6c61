using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>As much of C# as it takes to find the texts in the arguments of a call.</summary>
internal static partial class CSharpText
{
    private static readonly ILookup<string, Type> Types = new[] { typeof(ServerOptions).Assembly, typeof(AppSettings).Assembly, typeof(Functions.TokenFunction).Assembly }
        .SelectMany(assembly => assembly.GetTypes()).ToLookup(type => type.Name);

    /// <summary>The arguments of a call, as they are written.</summary>
    /// <param name="start">Behind the opening parenthesis.</param>
    public static List<string> Arguments(string code, int start)
    {
        List<string> arguments = [];
        var depth = 0;
        var begin = start;
        for (var i = start; i < code.Length; i++)
        {
            if (LiteralAt(code, i) is { } end)
                i = end - 1;
            else if (code[i] is '(' or '[' or '{')
                depth++;
            else if (code[i] is ',' && depth == 0)
            {
                arguments.Add(code[begin..i].Trim());
                begin = i + 1;
            }
            else if (code[i] is ')' or ']' or '}' or ';' && depth-- == 0)
            {
                if (code[begin..i].Trim() is { Length: > 0 } last)
                    arguments.Add(last);
                return arguments;
            }
        }
        throw new InvalidOperationException("A call has no end");
    }

    /// <summary>The texts in an expression, but not those in calls inside it. Placeholders stand for what is known only later.</summary>
    /// <param name="owner">The name of the type that the expression is in.</param>
    public static IEnumerable<string> Texts(string expression, string owner)
    {
        var depth = 0;
        for (var i = 0; i < expression.Length; i++)
        {
            if (LiteralAt(expression, i) is { } end)
            {
                if (depth == 0 && expression[i] != '\'')
                    yield return TextOf(expression[i..end], owner);
                i = end - 1;
            }
            else if (expression[i] is '(' or '[')
                depth++;
            else if (expression[i] is ')' or ']')
                depth--;
        }
    }

    /// <returns>The end of the literal that begins here; null where none does.</returns>
    private static int? LiteralAt(string code, int at)
    {
        if (code[at] == '\'')
            return code.IndexOf('\'', code[at + 1] == '\\' ? at + 3 : at + 1) + 1;
        var interpolated = code[at] == '$' && at + 1 < code.Length && code[at + 1] == '"';
        if (code[at] != '"' && !interpolated)
            return null;
        for (var i = at + (interpolated ? 2 : 1); i < code.Length; i++)
        {
            if (code[i] == '\\')
                i++;
            else if (code[i] == '"')
                return i + 1;
            else if (interpolated && code[i] == '{')
                i = code[i + 1] == '{' ? i + 1 : HoleEnd(code, i + 1);
        }
        throw new InvalidOperationException("A text has no end");
    }

    private static int HoleEnd(string code, int start)
    {
        var depth = 0;
        for (var i = start; i < code.Length; i++)
        {
            if (LiteralAt(code, i) is { } end)
                i = end - 1;
            else if (code[i] is '(' or '[' or '{')
                depth++;
            else if (code[i] is ')' or ']' or '}' && depth-- == 0)
                return i;
        }
        throw new InvalidOperationException("A hole has no end");
    }

    private static string TextOf(string literal, string owner)
    {
        if (literal[0] == '"')
            return Unescape(literal[1..^1]);
        var text = new StringBuilder();
        var inside = literal[2..^1];
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] is '{' or '}' && i + 1 < inside.Length && inside[i + 1] == inside[i])
                text.Append(inside[i++]);
            else if (inside[i] == '{')
            {
                var end = HoleEnd(inside, i + 1);
                text.Append(Value(inside[(i + 1)..end], owner));
                i = end;
            }
            else
                text.Append(inside[i]);
        }
        return Unescape(text.ToString());
    }

    private static string Unescape(string text) => text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    /// <summary>A constant as it is, and everything else as a placeholder.</summary>
    private static string Value(string hole, string owner)
    {
        if (Joined().Match(hole) is { Success: true } joined)
            return Constant(joined.Groups[2].Value, owner) is IEnumerable list and not string ? string.Join(joined.Groups[1].Value, list.Cast<object>()) : Placeholder(joined.Groups[2].Value);
        return Constant(hole, owner) is { } value and (string or int) ? $"{value}" : Placeholder(hole);
    }

    private static object? Constant(string expression, string owner)
    {
        if (!Name().IsMatch(expression))
            return null;
        const BindingFlags statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var parts = expression.Split('.');
        foreach (var type in Types[parts.Length > 1 ? parts[^2] : owner])
        {
            if (type.GetField(parts[^1], statics) is { } field)
                return field.GetValue(null);
            if (type.GetProperty(parts[^1], statics) is { } property && type != typeof(TimeProvider))
                return property.GetValue(null);
        }
        return null;
    }

    /// <summary>The last name that is in the expression.</summary>
    private static string Placeholder(string hole)
    {
        var name = Words().Matches(hole.Split(':')[0]).Select(match => match.Value).LastOrDefault(word => word is not ("ToString" or "Trim" or "Message")) ?? "text";
        return $"{{{(name == "e" ? "reason" : JsonNamingPolicy.SnakeCaseLower.ConvertName(name))}}}";
    }

    [GeneratedRegex(@"^string\.Join\(""([^""]+)"", ([\w.]+)\)$")]
    private static partial Regex Joined();

    [GeneratedRegex(@"^[A-Z]\w*(\.[A-Z]\w*)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Words();
}
