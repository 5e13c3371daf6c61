using FunctionsAuth.Protocol.Languages;

namespace FunctionsAuth.Pages;

/// <summary>The values that every part of a page can use.</summary>
/// <param name="Root">The base address of the server, relative to the page. It is relative, because a proxy may publish the server below another
/// path.</param>
public sealed record PageSurroundings(Language Language, PageBrand Brand, string Root);
